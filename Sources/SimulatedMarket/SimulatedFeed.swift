package import MarketData
import Synchronization
package import TradeFeeds

/// The simulated market as a feed: its past as bars, its trades in real time.
///
/// Event time is that of ``SteadyClock``.
package final class SimulatedFeed: TradeFeed {
    /// The name of the only kind of stream.
    package static let streamName = "trade"

    private static let batchInterval = Duration.milliseconds(50)
    /// How long undelivered trades of a stream may exist before the stream counts as dead, in microseconds.
    private static let silenceLimit: Int64 = 5_000_000
    /// The interval between requests for missing trades.
    private static let repairInterval = Duration.seconds(1)

    /// The feed's counters.
    package let counters = FeedCounters()

    private let market: Mutex<SimulatedMarket>
    private let startTime: Timestamp
    private let startInstant: ContinuousClock.Instant
    /// The id in the run's table of each instrument of the market, nil for one that is not in it.
    private let ids: [InstrumentID?]

    /// A feed of all streams of ``Venue/simulated`` in a table. Its past ends and its trading begins at the present
    /// time.
    ///
    /// - Throws: ``SimulatedMarketError``, also for a stream that the market does not have.
    package init(configuration: SimulatedMarketConfiguration, streams: StreamTable) throws(SimulatedMarketError) {
        startInstant = .now
        startTime = SteadyClock.time(at: startInstant)
        market = Mutex(try SimulatedMarket(configuration: configuration, startingAt: startTime))
        let symbols = configuration.instruments.map(\.symbol)
        for stream in streams.streams where stream.instrument.venue == .simulated {
            guard symbols.contains(stream.instrument.symbol) else {
                throw .unknownSymbol(stream.instrument.symbol, known: symbols)
            }
        }
        ids = symbols.map { streams.id(of: Instrument(venue: .simulated, symbol: $0)) }
    }

    /// ``Venue/simulated``.
    package var venue: Venue { .simulated }

    /// Bars before the start of the feed; see ``SimulatedMarket/bars(of:timeframe:count:)``.
    package func history(of instrument: InstrumentID, timeframe: Timeframe, count: Int) async throws -> [Bar] {
        guard let index = ids.firstIndex(of: instrument) else { return [] }
        var bars = market.withLock { $0.bars(of: InstrumentID(index), timeframe: timeframe, count: count) }
        for position in bars.indices { bars[position].instrument = instrument }
        return bars
    }

    /// The last trade of each second before the start of the feed; see ``SimulatedMarket/ticks(of:seconds:)``.
    package func ticks(of instrument: InstrumentID, seconds: Int) async throws -> [Trade] {
        guard let index = ids.firstIndex(of: instrument) else { return [] }
        var ticks = market.withLock { $0.ticks(of: InstrumentID(index), seconds: seconds) }
        for position in ticks.indices { ticks[position].instrument = instrument }
        return ticks
    }

    /// Delivers trades as they happen until cancelled, beginning with those since the feed was created.
    package func run(
        resuming positions: [InstrumentID: StreamPosition],
        missing: @escaping @Sendable () async -> [RepairRequest],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        market.withLock { market in
            for (index, id) in ids.enumerated() {
                guard let id, let position = positions[id] else { continue }
                market.resume(InstrumentID(index), after: position.lastID)
            }
        }
        counters.update { counts in
            counts.connects += 1
            counts.state = .connecting
        }
        defer { counters.update { $0.state = .stopped } }
        try await sink(.state(.connecting))
        var isFlowing = false
        var dead: Set<InstrumentID> = []
        var lastRepair = startInstant
        while true {
            let (seconds, attoseconds) = startInstant.duration(to: .now).components
            let now = startTime + (seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
            let batch = TradeBatch(trades: trades(until: now), receivedAt: SteadyClock.now())
            if !batch.trades.isEmpty {
                let becomesFlowing = !isFlowing
                isFlowing = true
                counters.update { counts in
                    counts.frames += 1
                    counts.state = .flowing
                }
                if becomesFlowing { try await sink(.state(.flowing)) }
                try await sink(.trades(batch))
            }
            let silent = silentStreams(at: now)
            if !silent.isSubset(of: dead) { try await sink(.streams(silent.subtracting(dead).sorted(), .dead)) }
            dead = silent
            try await sink(.time(now, isFlowing: isFlowing))
            if startInstant.duration(to: .now) - startInstant.duration(to: lastRepair) >= Self.repairInterval {
                lastRepair = .now
                for gap in await missing() { try await repair(gap, into: sink) }
            }
            try await Task.sleep(for: Self.batchInterval)
        }
    }

    /// The streams with undelivered trades for longer than ``silenceLimit``.
    private func silentStreams(at now: Timestamp) -> Set<InstrumentID> {
        market.withLock { market in
            Set(
                ids.enumerated().compactMap { index, id in
                    guard let id, let silence = market.silence(of: InstrumentID(index)) else { return nil }
                    return now - silence >= Self.silenceLimit ? id : nil
                }
            )
        }
    }

    /// Delivers missing trades, or reports them as unrepairable, as a live feed does with a venue's REST interface.
    private func repair(_ gap: RepairRequest, into sink: @Sendable (FeedEvent) async throws -> Void) async throws {
        guard let index = ids.firstIndex(of: gap.instrument) else { return }
        var trades = market.withLock { $0.undelivered(of: InstrumentID(index), ids: gap.ids) }
        for position in trades.indices { trades[position].instrument = gap.instrument }
        counters.update { $0.repairRequests[trades.isEmpty ? .nothing : .success, default: 0] += 1 }
        if trades.isEmpty {
            try await sink(.unrepairable(gap.instrument, ids: gap.ids))
        } else {
            try await sink(.trades(TradeBatch(trades: trades, receivedAt: SteadyClock.now(), isRepair: true)))
        }
    }

    private func trades(until moment: Timestamp) -> [Trade] {
        market.withLock { $0.trades(until: moment) }.compactMap { trade in
            guard let id = ids[Int(trade.instrument.index)] else { return nil }
            var own = trade
            own.instrument = id
            return own
        }
    }
}
