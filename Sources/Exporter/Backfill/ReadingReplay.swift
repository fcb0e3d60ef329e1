import MarketData
import PairEngine
import TradeStore

/// The readings of one pair at one timeframe, bar by bar as they were when each bar closed.
struct ReadingReplay {
    /// What one more bar leaves.
    struct Step {
        let closeTime: Timestamp
        /// The bars that ended then, nil where a leg has none.
        var y: Bar?
        var x: Bar?
        /// One per window.
        var readings = PairReadings()
    }

    private let pair: PairConfiguration
    private let timeframe: Timeframe
    private let settings: HistorySettings
    /// Nil only for a pair that the settings do not have.
    private let definition: PairDefinition?

    init(pair: PairConfiguration, timeframe: Timeframe, settings: HistorySettings) {
        self.pair = pair
        self.timeframe = timeframe
        self.settings = settings
        let streams = StreamTable([pair.y, pair.x].map { TradeStream(instrument: $0, name: "") })
        let definitions = settings.configuration.definitions(streams: streams)
        definition = definitions.first { $0.name == pair.name }.map { definition in
            var definition = definition
            definition.timeframes = [timeframe]
            return definition
        }
    }

    /// Calls `body` after each bar.
    /// - Parameters:
    ///   - history: where the bars come from.
    ///   - cut: nothing that happened later is looked at.
    func run(
        _ history: inout BarHistory,
        cut: Timestamp? = nil,
        _ body: (Step) throws -> Void
    ) async throws {
        guard let definition else { return }
        var engine = PairEngine(definitions: [definition], settings: settings.configuration.engineSettings)
        let length = engine.historyLength(timeframe: timeframe)
        var bars: [Bar] = []
        for (instrument, position) in Set([definition.y, definition.x]).map({ id in
            (id == definition.y ? pair.y : pair.x, id)
        }) {
            bars += try await history.bars(
                of: instrument,
                as: position,
                timeframe: timeframe,
                history: length,
                cut: cut
            )
        }
        bars.sort { ($0.slot, $0.instrument) < ($1.slot, $1.instrument) }
        let instruments = [definition.y, definition.x]
        var index = bars.startIndex
        while index < bars.endIndex {
            let slot = bars[index].slot
            let closeTime = timeframe.closeTime(of: slot)
            var step = Step(closeTime: closeTime)
            while index < bars.endIndex, bars[index].slot == slot {
                if bars[index].instrument == definition.y { step.y = bars[index] } else { step.x = bars[index] }
                engine.append(bars[index])
                index += 1
            }
            var jobs = engine.advance(instruments: instruments, watermark: closeTime, now: closeTime)
            while let job = jobs.popLast() {
                if let next = engine.complete(job, job.run()) { jobs.append(next) }
            }
            step.readings = engine.readings
            try body(step)
        }
    }
}
