import ExporterHTTP
import MarketData
import PairEngine
import PairsMetrics
import TradeStore

/// The readings of one pair, computed from stored bars as after a restart, with the memories of tests where the running
/// exporter watches the same window.
struct PairProbe: Sendable {
    /// The bars of both legs at one timeframe.
    struct Bars: Sendable {
        let timeframe: Timeframe
        let y: [Bar]
        let x: [Bar]
    }

    /// The legs' numbers in the probe's own table of instruments.
    private static let legs = [InstrumentID(0), InstrumentID(1)]

    let pair: PairConfiguration
    let bars: [Bars]
    let readings: PairReadings
    /// Whether each reading is stale.
    let isStale: [Bool]
    /// Writes the readings as metrics.
    let collector: PairCollector

    /// Reads the bars and computes.
    /// - Throws: ``EndpointError`` with status 400 where there are no such bars, or the store's error.
    init(_ pair: PairConfiguration, _ market: ServingContext) async throws {
        self.pair = pair
        var single = market.configuration
        single.pairs = [pair]
        let table = StreamTable([pair.y, pair.x].map { TradeStream(instrument: $0, name: "") })
        let definitions = single.definitions(streams: table)
        var engine = PairEngine(definitions: definitions, settings: single.engineSettings)
        var bars: [Bars] = []
        let (y, x) = (market.streams.id(of: pair.y), market.streams.id(of: pair.x))
        for timeframe in pair.settings.timeframes {
            let count = engine.historyLength(timeframe: timeframe)
            let yBars = try await Self.bars(of: pair.y, as: Self.legs[0], timeframe, count, market)
            let xBars = try await Self.bars(of: pair.x, as: Self.legs[1], timeframe, count, market)
            bars.append(Bars(timeframe: timeframe, y: yBars, x: xBars))
        }
        self.bars = bars
        let memories = try await market.store.memories(of: engine) { $0 == Self.legs[0] ? y : x }
        engine.warm(with: bars.flatMap { $0.y + $0.x }, memories: memories)
        readings = engine.readings

        let snapshot = Self.snapshot(readings, pair, market)
        let staleness = Self.staleness(definitions, pair, market, feedCount: snapshot.feeds.count - 1)
        isStale = staleness.isStale(in: snapshot)
        let latestSnapshot = LatestSnapshot()
        latestSnapshot.publish(snapshot)
        collector = PairCollector(
            configuration: single,
            definitions: definitions,
            staleness: staleness,
            latestSnapshot: latestSnapshot
        )
    }

    /// Whether every reading has a fit that is current.
    var isSuccessful: Bool {
        zip(readings, isStale).allSatisfy { $0.fit.value != nil && !$1 }
    }

    /// The readings, with the present state of the legs.
    private static func snapshot(
        _ readings: PairReadings,
        _ pair: PairConfiguration,
        _ market: ServingContext
    ) -> MarketSnapshot {
        let latest = market.latestSnapshot.value
        var snapshot = MarketSnapshot()
        snapshot.readings = readings
        for (leg, id) in zip([pair.y, pair.x], legs) {
            snapshot.instruments[id] = market.streams.id(of: leg).flatMap { latest.instruments[$0] }
        }
        // The last feed has no clock, for instruments that no feed of the configuration delivers.
        snapshot.feeds = latest.feeds + [FeedSnapshot()]
        return snapshot
    }

    private static func staleness(
        _ definitions: [PairDefinition],
        _ pair: PairConfiguration,
        _ market: ServingContext,
        feedCount: Int
    ) -> StalenessRule {
        let venues = market.configuration.feeds.map(\.venue)
        var feedOfInstrument = InstrumentMap<Int>()
        for (leg, id) in zip([pair.y, pair.x], legs) {
            let feed = market.streams.id(of: leg).flatMap { known in
                market.instruments.firstIndex { $0.contains(known) }
            }
            feedOfInstrument[id] = feed ?? feedCount
        }
        return StalenessRule(
            definitions: definitions,
            feedOfInstrument: feedOfInstrument,
            isLive: venues.map { $0 != .replay } + [false],
            carryLimit: market.configuration.bars.carryLimit
        )
    }

    private static func bars(
        of instrument: Instrument,
        as id: InstrumentID,
        _ timeframe: Timeframe,
        _ count: Int,
        _ market: ServingContext
    ) async throws -> [Bar] {
        let found: [Bar]
        if let known = market.streams.id(of: instrument), market.configuration.timeframes.contains(timeframe) {
            found = try await market.store.bars(of: known, timeframe: timeframe, last: count)
        } else {
            do {
                let reader = try market.store.reader()
                found = try await reader.bars(of: instrument, timeframe: timeframe, last: count)
            } catch let error as StoreError {
                // The answer to a client must not state the path of the database.
                switch error {
                case .unknownInstrument(_, _, let known):
                    throw EndpointError.badRequest("no data of \(instrument); there is \(list(known))")
                case .noBars(_, _, _, let stored):
                    throw EndpointError.badRequest("no \(timeframe) bars of \(instrument); there are \(list(stored))")
                case .notFound: throw EndpointError.badRequest("no data of \(instrument); nothing is stored yet")
                default: throw error
                }
            }
        }
        try Task.checkCancellation()
        return found.map { bar in
            var bar = bar
            bar.instrument = id
            return bar
        }
    }

    private static func list(_ items: [some CustomStringConvertible]) -> String {
        let names = items.prefix(20).map(\.description).joined(separator: ", ")
        return items.isEmpty ? "nothing" : names + (items.count > 20 ? ", …" : "")
    }
}
