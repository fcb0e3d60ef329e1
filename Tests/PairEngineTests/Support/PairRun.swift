import MarketData
import PairEngine
import TestSupport
import Testing

/// An engine under test with one pair of instruments 0 (y) and 1 (x), whose tests run at once.
struct PairRun {
    var engine: PairEngine
    /// The tests that could run when they became due.
    private(set) var jobs: [TestJob] = []
    /// Whether tests run at once.
    var completesTests = true
    let timeframe: Timeframe

    init(
        windows: [Int],
        price: PriceScale = .log,
        tests: TestSettings = TestSettings(),
        minimumFill: Double = 0.9,
        timeframe: String = "1s",
        alerts: AlertSettings = AlertSettings()
    ) throws {
        self.timeframe = try .sample(timeframe)
        let definition = PairDefinition(
            name: "y-x",
            y: InstrumentID(0),
            x: InstrumentID(1),
            timeframes: [self.timeframe],
            windows: windows,
            price: price,
            tests: tests,
            alerts: alerts
        )
        engine = PairEngine(definitions: [definition], settings: EngineSettings(minimumFill: minimumFill))
    }

    /// The reading of the first window.
    var reading: PairReading { engine.readings[0] }

    mutating func append(_ bar: Bar) {
        engine.append(bar)
    }

    mutating func complete(_ job: TestJob, _ result: TestResult) -> TestJob? {
        engine.complete(job, result)
    }

    /// Completes one of the tests that run, and puts the one that waited for it in its place.
    mutating func completeOne(of running: inout [TestJob], using generator: inout SeededRandom) {
        let job = running.remove(at: Int.random(in: running.indices, using: &generator))
        if let next = engine.complete(job, job.run()) { running.append(next) }
    }

    /// Closes a slot of both legs.
    mutating func close(_ slot: MarketSlot) {
        for bar in slot.bars(timeframe) { engine.append(bar) }
        let end = timeframe.closeTime(of: slot.slot)
        let due = engine.advance(instruments: [InstrumentID(0), InstrumentID(1)], watermark: end, now: end + 250_000)
        jobs += due
        if completesTests { for job in due { #expect(engine.complete(job, job.run()) == nil) } }
    }

    mutating func close(_ slots: [MarketSlot]) {
        for slot in slots { close(slot) }
    }

    mutating func warm(with bars: [Bar], memories: [ReadingKey: ReadingMemory] = [:]) {
        engine.warm(with: bars, memories: memories)
    }
}
