import MarketData
import PairEngine
import PairStatistics
import RealModule
import TestSupport
import Testing

@Suite struct TestScheduleTests {
    @Test(
        "Tests are due on the grid of slots, a twentieth of the window apart or as configured",
        arguments: [(60, nil, 3), (10, nil, 1), (60, 5, 5), (60, 0, 1), (60, 1, 1)]
    )
    func grid(window: Int, everyBars: Int?, interval: Int64) throws {
        let slots = market(200, from: 1_000_001)
        var run = try PairRun(windows: [window], tests: TestSettings(everyBars: everyBars))
        run.close(slots)
        let filled = try #require(Int(exactly: (Double(window) * 0.9).rounded(.up)))
        let due = slots[(filled - 1)...].map(\.slot).filter { $0.isMultiple(of: interval) }
        #expect(run.jobs.count == due.count)
        let last = try run.reading.tests.get()
        #expect(last.closeTime == run.timeframe.closeTime(of: try #require(due.last)))
    }

    @Test("Too few observations give no p-value, but estimates", arguments: [(60, false), (61, true)])
    func tooFew(minimum: Int, isTooFew: Bool) throws {
        var run = try PairRun(windows: [60], tests: TestSettings(minimumObservations: minimum))
        run.close(market(120))
        let outcome = try run.reading.tests.get()
        #expect(outcome.adf.reason == (isTooFew ? .tooFew : nil))
        #expect(outcome.cointegration.reason == (isTooFew ? .tooFew : nil))
        #expect(outcome.halfLife.reason != .tooFew && outcome.hedgeRatioError.value != nil)
        #expect((run.reading.evidence == nil) == isTooFew)
    }

    @Test("Tests run on the longest stretch without a gap, and equal the formulas on it")
    func longestStretch() throws {
        var slots = market(100)
        slots[50].y = .gap
        slots[99].x = .gap
        var run = try PairRun(windows: [60], tests: TestSettings(everyBars: 1, minimumObservations: 40))
        run.close(slots)
        let stretch = Array(slots[51...98])
        let outcome = try run.reading.tests.get()
        #expect(outcome.closeTime == run.timeframe.closeTime(of: slots[99].slot))

        let y = stretch.compactMap { $0.y.price.map { Double.log($0) } }
        let x = stretch.compactMap { $0.x.price.map { Double.log($0) } }
        let reference = ReferenceReading(stretch, window: 48, minimumFill: 1, price: .log)
        let spread = zip(x, y).map { $1 - reference.intercept - reference.slope * $0 }
        let adf = try AugmentedDickeyFuller(spread, trend: .constant, lagSelection: .aic)
        let engleGranger = try EngleGranger(y: y, x: x)
        let halfLife = Result { () throws(UndefinedStatistic) in try HalfLife(spread) }
        #expect(try outcome.adf.get().lags == adf.lags)
        #expect(abs(try outcome.adf.get().statistic - adf.statistic) < 1e-7)
        #expect(abs(try outcome.adf.get().pValue - adf.pValue) < 1e-7)
        #expect(try outcome.cointegration.get().yOnX == engleGranger)
        #expect(outcome.halfLife.reason == (try? halfLife.get()).map { _ in nil } ?? .notReverting)
        #expect(try outcome.hedgeRatioError.get() == RobustSlopeError(x: x, y: y))
    }

    @Test("A stretch shorter than four fifths of the window is no ground for a test")
    func shortStretch() throws {
        var slots = market(200)
        slots[140].y = .gap
        var run = try PairRun(windows: [60], tests: TestSettings(everyBars: 1, minimumObservations: 40))
        run.close(Array(slots[..<150]))
        #expect(run.reading.tests.value != nil)
        // Slots 93 to 152: 47 before the gap, 12 behind it.
        run.close(Array(slots[150..<153]))
        #expect(run.reading.fit.value != nil)
        #expect(run.reading.tests.reason == .gap)
        run.close(Array(slots[153..<188]))
        #expect(run.reading.tests.reason == .gap)
        // Slots 129 to 188: 48 behind the gap.
        run.close(slots[188])
        #expect(run.reading.tests.value != nil)
    }

    @Test("While the window is warming up or has lost too many bars, tests have that reason")
    func unfilled() throws {
        var slots = market(100)
        for index in 60..<67 { slots[index].x = .gap }
        var run = try PairRun(windows: [60], tests: TestSettings(everyBars: 1, minimumObservations: 40))
        run.close(Array(slots[..<53]))
        #expect(run.reading.tests.reason == .warmingUp)
        run.close(Array(slots[53..<67]))
        #expect(run.reading.tests.reason == .gap)
    }

    @Test("A figure that a test cannot compute keeps its own reason")
    func reasons() throws {
        var slots = market(60)
        for index in slots.indices { slots[index].y = .traded(3 * (slots[index].x.price ?? 0)) }
        var run = try PairRun(windows: [60], tests: TestSettings(everyBars: 1, minimumObservations: 40))
        run.close(slots)
        #expect(try run.reading.tests.get().cointegration.reason == .collinear)
        for index in slots.indices { slots[index].x = .traded(7) }
        run = try PairRun(windows: [60], tests: TestSettings(everyBars: 1, minimumObservations: 40))
        run.close(slots)
        #expect(try run.reading.tests.get().adf.reason == .flatLeg)
        #expect(try run.reading.tests.get().cointegration.reason == .flatLeg)
        #expect(try run.reading.tests.get().halfLife.reason == .flatLeg)
    }

    @Test("The result of a test that does not run changes nothing")
    func foreign() throws {
        var run = try PairRun(windows: [60], tests: TestSettings(everyBars: 1, minimumObservations: 40))
        run.close(market(70))
        let state = run.reading.state
        let old = run.jobs[0]
        #expect(run.complete(old, old.run()) == nil)
        #expect(run.reading.state == state)
    }

    @Test("A result that arrives after tests had to stop does not hide the reason")
    func afterRefusal() throws {
        var slots = market(70)
        for index in 60..<68 { slots[index].x = .gap }
        var run = try PairRun(windows: [60], tests: TestSettings(everyBars: 1, minimumObservations: 40))
        run.completesTests = false
        run.close(slots)
        #expect(run.reading.tests.reason == .gap)
        let job = try #require(run.jobs.first)
        #expect(run.complete(job, job.run()) != nil)
        #expect(run.reading.tests.reason == .gap)
    }

    @Test("Late results lead to the same state as prompt ones, to the last bit", arguments: 0..<4)
    func late(seed: Int) throws {
        var generator = SeededRandom(seed: 900 + seed)
        let slots = MarketSlot.random(1_200, faults: seed % 2, using: &generator)
        let tests = TestSettings(everyBars: seed == 3 ? 2 : nil, minimumObservations: 40)
        var prompt = try PairRun(windows: [60, 100], tests: tests)
        prompt.close(slots)
        var late = try PairRun(windows: [60, 100], tests: tests)
        late.completesTests = false
        var running: [TestJob] = []
        var longest = 0
        for slot in slots {
            let known = late.jobs.count
            late.close(slot)
            running += late.jobs[known...]
            longest = max(longest, late.engine.waitingTests)
            while !running.isEmpty, generator.uniform() < 0.15 { late.completeOne(of: &running, using: &generator) }
        }
        while !running.isEmpty { late.completeOne(of: &running, using: &generator) }
        #expect(longest > 4 && late.engine.waitingTests == 0)
        for (found, expected) in zip(late.engine.readings, prompt.engine.readings) {
            #expect(found.state == expected.state)
        }
    }

    @Test("Restored tests continue as in a program that never stopped, to the last bit", arguments: 0..<4)
    func memory(seed: Int) throws {
        var generator = SeededRandom(seed: 950 + seed)
        let slots = MarketSlot.random(1_500, faults: seed % 2, using: &generator)
        let tests = TestSettings(minimumObservations: 40)
        var live = try PairRun(windows: [60, 100], tests: tests)
        live.close(slots)
        let readings = live.engine.readings.indices
        var memories: [ReadingKey: ReadingMemory] = [:]
        for reading in readings {
            let memory: ReadingMemory = try #require(live.engine.memory(of: reading))
            memories[live.engine.key(of: reading)] = memory
        }
        var restarted = try PairRun(windows: [60, 100], tests: tests)
        let length = restarted.engine.historyLength(timeframe: restarted.timeframe)
        restarted.warm(with: slots.suffix(length).flatMap { $0.bars(live.timeframe) }, memories: memories)
        for (found, expected) in zip(restarted.engine.readings, live.engine.readings) {
            #expect(found.state == expected.state)
        }
    }

    private func market(_ count: Int, from first: Int64 = 1_000_000) -> [MarketSlot] {
        var generator = SeededRandom(seed: 77)
        return MarketSlot.random(count, from: first, using: &generator)
    }
}
