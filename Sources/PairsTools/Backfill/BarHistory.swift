import MarketData
import PairEngine
import PairsApp
import TradeStore

/// The bars of a pair's two legs, stored in a database or, where none are stored, built from its trades; and their
/// readings.
struct BarHistory {
    /// The result of one more bar.
    struct Step {
        let closeTime: Timestamp
        /// The bars that ended then, nil where a leg has none.
        var y: Bar?
        var x: Bar?
        /// One reading per window.
        let readings: PairReadings
    }

    /// Stored trades that were read.
    private(set) var trades = 0

    private let reader: any StoreReader
    private let settings: HistorySettings
    private let streams: [TradeStream]

    init(reader: any StoreReader, settings: HistorySettings) async throws {
        self.reader = reader
        self.settings = settings
        streams = try await reader.streams()
    }

    /// The pair's absence at a bar length, if the database has neither such bars of a leg nor trades to build them
    /// from.
    func absence(of pair: PairConfiguration, at timeframe: Timeframe) async throws -> PairAbsence? {
        var legs: [Instrument] = []
        for leg in [pair.y, pair.x] where !streams.contains(where: { $0.instrument == leg }) {
            if try await reader.slots(of: leg, timeframe: timeframe) == nil { legs.append(leg) }
        }
        return legs.isEmpty ? nil : PairAbsence(pair: pair.name, timeframe: timeframe, legs: legs)
    }

    /// Why nothing of the pairs was found.
    func nothing(_ absences: [PairAbsence]) async throws -> BackfillError {
        let legs = Set(absences.flatMap(\.legs)).sorted { $0.description < $1.description }
        guard let first = legs.first, absences.allSatisfy({ !$0.legs.isEmpty }) else {
            return .nothing(path: settings.path)
        }
        let known = first.description.nearestFirst(try await reader.instruments())
        return .unknownLegs(path: settings.path, legs: legs, known: known)
    }

    /// Calls `body` with the readings of a pair at one timeframe, bar by bar, as of the close of each bar.
    /// - Parameter cut: nothing that happened later is used.
    mutating func forEachReading(
        of pair: PairConfiguration,
        at timeframe: Timeframe,
        cut: Timestamp? = nil,
        _ body: (Step) throws -> Void
    ) async throws {
        let table = StreamTable([pair.y, pair.x].map { TradeStream(instrument: $0, name: "") })
        guard var definition = settings.configuration.definitions(streams: table).first(where: { $0.name == pair.name })
        else { return }
        definition.timeframes = [timeframe]
        var engine = PairEngine(definitions: [definition], settings: settings.configuration.engineSettings)
        let length = engine.historyLength(timeframe: timeframe)
        var bars: [Bar] = []
        for (leg, id) in zip([pair.y, pair.x], [definition.y, definition.x]) {
            bars += try await self.bars(of: leg, as: id, timeframe: timeframe, history: length, cut: cut)
        }
        bars.sort { ($0.slot, $0.instrument) < ($1.slot, $1.instrument) }
        try engine.replay(bars) { bars, engine in
            guard let closeTime = bars.first?.closeTime else { return }
            try body(
                Step(
                    closeTime: closeTime,
                    y: bars.last { $0.instrument == definition.y },
                    x: bars.last { $0.instrument == definition.x },
                    readings: engine.readings
                )
            )
        }
    }

    /// The bars of an instrument that had closed by the end.
    /// - Parameters:
    ///   - position: the number of the instrument in the bars.
    ///   - history: bars before the settings' start, which fill the windows.
    ///   - cut: bars that had closed by then, from trades that had happened by then.
    private mutating func bars(
        of instrument: Instrument,
        as position: InstrumentID,
        timeframe: Timeframe,
        history: Int,
        cut: Timestamp?
    ) async throws -> [Bar] {
        let lateness = settings.configuration.bars.lateness
        let end = [settings.through.map { $0 - lateness }, cut].compactMap(\.self).min()
        let start = settings.from.map { timeframe.slot(of: $0) - Int64(history) - 1 } ?? .min
        let last = end.map { timeframe.slot(of: $0) - 1 } ?? .max
        guard start <= last else { return [] }
        var bars = try await reader.bars(of: instrument, timeframe: timeframe, slots: start...last)
        if bars.isEmpty, try await reader.slots(of: instrument, timeframe: timeframe) == nil {
            bars = try await build(instrument, timeframe, from: start, through: end, cut: cut)
        }
        for index in bars.indices { bars[index].instrument = position }
        return bars
    }

    private mutating func build(
        _ instrument: Instrument,
        _ timeframe: Timeframe,
        from slot: Int64,
        through end: Timestamp?,
        cut: Timestamp?
    ) async throws -> [Bar] {
        let own = streams.filter { $0.instrument == instrument }
        guard let stream = own.first else { return [] }
        var pipeline = VenuePipeline(
            instruments: [InstrumentID(0)],
            timeframes: [timeframe],
            lateness: settings.configuration.bars.lateness,
            carryLimit: settings.configuration.bars.carryLimit
        )
        var bars: [Bar] = []
        var count = 0
        let start = slot == .min ? Timestamp(microseconds: .min) : timeframe.openTime(of: slot)
        let last = end ?? Timestamp(microseconds: .max)
        func add(_ trades: [Trade]) {
            var output = PipelineOutput()
            let latest = trades.map(\.time).max() ?? start
            pipeline.append(TradeBatch(trades: trades, receivedAt: latest), into: &output)
            bars += output.bars
            count += trades.count
        }
        // A feed's ids ascend with time, and a jump in them shows where trades are missing.
        if own.count == 1, stream.isNumbered {
            try await reader.trades(of: stream, from: start, through: last) { add($0) }
        } else {
            try await reader.sortedTrades(of: instrument, from: start, through: last) { add($0) }
        }
        trades += count
        if let now = pipeline.now {
            var output = PipelineOutput()
            // Later trades must not decide whether bars that ended before the cut were complete.
            if let cut {
                pipeline.advanceClock(to: cut + settings.configuration.bars.lateness, isFlowing: true, into: &output)
            }
            pipeline.finish(at: now, into: &output)
            bars += output.bars
        }
        return bars
    }
}
