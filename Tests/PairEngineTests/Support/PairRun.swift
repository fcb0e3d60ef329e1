import MarketData
import PairEngine
import TestSupport
import Testing

/// An engine under test with one pair of instruments 0 (y) and 1 (x), whose tests run at once.
struct PairRun {
    var engine: PairEngine
    private(set) var jobs: [TestJob] = []
    let timeframe: Timeframe

    init(
        windows: [Int],
        price: PriceScale = .log,
        tests: TestSettings = TestSettings(),
        minimumFill: Double = 0.9,
        timeframe: String = "1s"
    ) throws {
        self.timeframe = try .sample(timeframe)
        let definition = PairDefinition(
            name: "y-x",
            y: InstrumentID(0),
            x: InstrumentID(1),
            timeframes: [self.timeframe],
            windows: windows,
            price: price,
            tests: tests
        )
        engine = PairEngine(definitions: [definition], settings: EngineSettings(minimumFill: minimumFill))
    }

    /// The reading of the first window.
    var reading: PairReading { engine.readings[0] }

    mutating func append(_ bar: Bar) {
        engine.append(bar)
    }

    mutating func complete(_ job: TestJob, _ outcome: TestOutcome) {
        engine.complete(job, outcome)
    }

    /// Closes a slot of both legs.
    mutating func close(_ slot: MarketSlot) {
        for bar in slot.bars(timeframe) { engine.append(bar) }
        let end = timeframe.closeTime(of: slot.slot)
        let due = engine.advance(instruments: 0..<2, watermark: end, now: end + 250_000)
        for job in due { engine.complete(job, job.run()) }
        jobs += due
    }

    mutating func close(_ slots: [MarketSlot]) {
        for slot in slots { close(slot) }
    }

    mutating func warm(with bars: [Bar]) {
        engine.warm(with: bars)
    }
}
