import MarketData
import PairEngine
import SimulatedMarket
import Testing

/// A simulated market through pipelines and engine, second by second in its own time, without waits.
struct SimulatedRun {
    private(set) var engine: PairEngine
    private var market: SimulatedMarket
    private var pipeline: VenuePipeline
    private let instruments: [InstrumentID]
    private var second = 0

    /// Bars for which a leg without a trade keeps its last close.
    static let carryLimit = 20
    /// The market's time.
    var now: Timestamp { Self.start + Int64(second) * 1_000_000 }

    /// 2024-08-09T00:00:00Z: every timeframe begins there.
    private static let start = Timestamp(microseconds: 1_723_161_600_000_000)

    /// A run of the instruments' pairs (positions of y and x), warm from the market's past.
    init(
        _ configuration: SimulatedMarketConfiguration,
        pairs: [(y: Int, x: Int)],
        timeframe: String = "1s",
        windows: [Int],
        thresholds: SignalThresholds = SignalThresholds()
    ) throws {
        let timeframe = try #require(Timeframe(timeframe))
        var market = try SimulatedMarket(configuration: configuration, startingAt: Self.start)
        let definitions = pairs.map { y, x in
            PairDefinition(
                name: "\(y)-\(x)",
                y: InstrumentID(y),
                x: InstrumentID(x),
                timeframes: [timeframe],
                windows: windows,
                signals: thresholds
            )
        }
        engine = PairEngine(definitions: definitions, settings: EngineSettings())
        instruments = configuration.instruments.indices.map { InstrumentID($0) }
        pipeline = VenuePipeline(
            instruments: instruments,
            timeframes: [timeframe],
            lateness: 250_000,
            carryLimit: Self.carryLimit
        )
        let count = engine.historyLength(timeframe: timeframe)
        engine.warm(
            with: instruments.flatMap { market.bars(of: $0, timeframe: timeframe, count: count) }
        )
        self.market = market
    }

    /// Advances the market by one second; bars that close are read and tested at once.
    mutating func step() {
        second += 1
        var output = PipelineOutput()
        pipeline.append(TradeBatch(trades: market.trades(until: now), receivedAt: now), into: &output)
        pipeline.advanceClock(to: now, isFlowing: true, into: &output)
        for bar in output.bars { engine.append(bar) }
        for job in engine.advance(pipeline) {
            _ = engine.complete(job, job.run())
        }
    }
}
