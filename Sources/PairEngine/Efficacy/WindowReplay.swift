package import MarketData
import PairStatistics

/// One window of one pair fed with values instead of bars: what the engine would have said, slot by slot.
///
/// Every reading follows from the values appended so far, so nothing in it knows the future.
package struct WindowReplay: Sendable {
    /// A value of both legs in the pair's price scale, and whether one of them repeats an old price.
    package typealias Slot = (x: Double, y: Double, isCarried: Bool)

    /// The reading after the last slot.
    package private(set) var reading: PairReading
    /// How the extremes of the z-score were followed.
    package private(set) var efficacy = SignalEfficacy()

    private let runsTests: Bool
    private let timeframe: Timeframe
    private var window: PairWindow
    private var history: PairHistory
    private var x: PriceColumn
    private var y: PriceColumn
    private var slot: Int64
    private var open: ExtremeInProgress?

    /// A replay that has seen nothing.
    /// - Parameters:
    ///   - timeframe: the length of the bars.
    ///   - window: slots of the window.
    ///   - price: the scale of the values.
    ///   - minimumFill: share of the window that must be valid.
    ///   - tests: how the periodic tests run; nil leaves them out.
    ///   - thresholds: when signals begin and end.
    ///   - firstSlot: the slot of the first value; tests are due on a grid of slots.
    package init(
        timeframe: Timeframe,
        window: Int,
        price: PriceScale = .log,
        minimumFill: Double = EngineSettings().minimumFill,
        tests: TestSettings? = nil,
        thresholds: SignalThresholds = SignalThresholds(),
        firstSlot: Int64 = 0
    ) {
        self.timeframe = timeframe
        runsTests = tests != nil
        slot = firstSlot
        reading = PairReading(
            pair: 0,
            timeframe: timeframe,
            window: window,
            price: price,
            minimumFill: minimumFill
        )
        history = PairHistory(windows: [window])
        x = PriceColumn(minimumLength: window + 1)
        y = x
        self.window = PairWindow(
            reading: 0,
            window: window,
            minimumFill: minimumFill,
            settings: tests ?? TestSettings(),
            thresholds: thresholds
        )
    }

    /// Windows of bars after which the evidence of a reading does not depend on anything before.
    static let historyWindows = 6

    /// Slots after which a reading is complete: its evidence, and signals in the state that they would have whatever came
    /// before.
    package static func historyLength(window: Int, thresholds: SignalThresholds = SignalThresholds()) -> Int {
        max(historyWindows * window, window + 1 + SignalMonitor.memory(window: window, thresholds: thresholds))
    }

    /// Adds a slot of the grid, nil for a gap. Slots since the last one are gaps; more of them than the window has pass at
    /// once, as nothing before them counts behind them.
    package mutating func append(_ value: Slot?, at position: Int64) {
        let (skipped, isTooFar) = position.subtractingReportingOverflow(slot)
        guard !isTooFar, skipped > 0 else { return append(value) }
        if skipped <= Int64(reading.window) {
            for _ in 0..<skipped { append(nil) }
        } else {
            history.clear()
            history.withSlots(x: x, y: y) { window.skip(skipped, through: position - 1, of: $0) }
            efficacy.record(open?.follow(nil))
            open = nil
            slot = position
        }
        append(value)
    }

    /// Takes the next slot of the grid, nil for a gap.
    package mutating func append(_ next: Slot?) {
        defer { slot += 1 }
        let legs: (y: AlignedSlot.Leg, x: AlignedSlot.Leg) =
            next.map { (.close($0.y, isCarried: $0.isCarried), .close($0.x, isCarried: $0.isCarried)) } ?? (.gap, .gap)
        let fitBefore = reading.fit.value
        let entriesBefore = window.signals.entries[0]
        let closeTime = timeframe.closeTime(of: slot)
        let aligned = AlignedSlot(slot: slot, y: legs.y, x: legs.x)
        x.append(legs.x.value, at: slot)
        y.append(legs.y.value, at: slot)
        history.append(aligned)
        let job = history.withSlots(x: x, y: y) { slots in
            window.append(aligned, history: history, of: slots, closeTime: closeTime, to: &reading)
            return runsTests ? window.dueTest(slot: slot, of: slots, closeTime: closeTime, for: &reading) : nil
        }
        if let job { run(job) }
        let values = next.map { (x: $0.x, y: $0.y) }
        efficacy.record(open?.follow(values))
        if open?.isOver == true { open = nil }
        guard window.signals.entries[0] != entriesBefore, open == nil, let values, let fitBefore else { return }
        let halfLife = history.withSlots(x: x, y: y) { window.expectedHalfLife(of: $0) }
        open = halfLife.map { ExtremeInProgress(values, fit: fitBefore, halfLife: $0) }
    }

    /// Runs the tests on the window as it is, where they were not due after the last slot.
    package mutating func test() {
        guard runsTests, let closeTime = reading.closeTime, reading.tests.value?.closeTime != closeTime else { return }
        let job = history.withSlots(x: x, y: y) { slots in
            window.test(slot: slot - 1, of: slots, closeTime: closeTime, for: &reading)
        }
        if let job { run(job) }
    }

    /// The values that tests of the window see: the longest stretch without a gap, oldest first.
    package var testedValues: (x: [Double], y: [Double]) {
        history.withSlots(x: x, y: y) { window.testedValues(of: $0) }
    }

    private mutating func run(_ job: TestJob) {
        let result = job.run()
        _ = window.complete(job, result.judgement, result.outcome, to: &reading)
    }
}
