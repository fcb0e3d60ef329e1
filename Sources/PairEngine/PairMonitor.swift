import MarketData
import PairStatistics

/// One pair at one timeframe: its legs' bars aligned, and its windows.
struct PairMonitor: Sendable {
    let y: InstrumentID
    let x: InstrumentID
    /// The positions of the legs' columns.
    let yColumn: Int
    let xColumn: Int
    private let timeframe: Timeframe
    private var aligner = PairAligner()
    private var history: PairHistory
    private var windows: [PairWindow]
    private var lastSlot: Int64?
    /// Whether readings lack the changes of a revision.
    private var isRevised = false
    private var lastTradedSlots: (y: Int64?, x: Int64?)

    /// - Parameters:
    ///   - columns: the positions of the legs' columns.
    ///   - firstReading: the position of the first window's reading; the others follow.
    init(
        definition: PairDefinition,
        timeframe: Timeframe,
        columns: (y: Int, x: Int),
        firstReading: Int,
        settings: EngineSettings
    ) {
        y = definition.y
        x = definition.x
        yColumn = columns.y
        xColumn = columns.x
        self.timeframe = timeframe
        history = PairHistory(windows: definition.windows)
        windows = definition.windows.enumerated().map { offset, window in
            PairWindow(
                reading: firstReading + offset,
                window: window,
                minimumFill: settings.minimumFill,
                settings: definition.tests,
                thresholds: definition.signals,
                alerts: definition.alerts
            )
        }
    }

    /// Continues from another monitor of the same legs, timeframe, windows and settings.
    mutating func adopt(_ other: PairMonitor) {
        aligner = other.aligner
        history = other.history
        lastSlot = other.lastSlot
        isRevised = other.isRevised
        lastTradedSlots = other.lastTradedSlots
        let readings = windows.map(\.reading)
        windows = other.windows
        for (index, reading) in readings.enumerated() { windows[index].reading = reading }
    }

    /// Whether a bar waits for the other leg.
    var isWaiting: Bool { aligner.isWaiting }

    /// No slot before this one is needed.
    var neededSlot: Int64 {
        lastSlot.map { $0 &+ 1 &- Int64(history.longestWindow) } ?? aligner.firstSlot ?? .max
    }

    /// Adds a closed bar of one leg, or of both when both legs are one instrument.
    /// - Parameter leg: the leg of the pair's slot; the column has the close.
    mutating func append(_ bar: Bar, _ leg: AlignedSlot.Leg) {
        let close = PendingClose(bar, leg)
        if bar.instrument == y { aligner.appendY(close) }
        if bar.instrument == x { aligner.appendX(close) }
    }

    /// Replaces a bar that was added before or was missing.
    /// - Parameters:
    ///   - leg: the leg of the pair's slot; the column has the close.
    ///   - columns: of all instruments.
    mutating func revise(_ bar: Bar, _ leg: AlignedSlot.Leg, columns: [SharedColumn]) {
        let (isY, isX) = (bar.instrument == y, bar.instrument == x)
        guard !aligner.replace(PendingClose(bar, leg), ofY: isY, ofX: isX), let lastSlot else { return }
        isRevised = true
        let (slotsBack, isFar) = lastSlot.subtractingReportingOverflow(bar.slot)
        guard !isFar, slotsBack < Int64(history.longestWindow) else { return }
        let legs: AbsentLegs = isY && isX ? .both : isY ? .y : .x
        var isCarried = false
        if case .close(_, true) = leg { isCarried = true }
        let (xCloses, yCloses) = (columns[xColumn].closes(at: lastSlot), columns[yColumn].closes(at: lastSlot))
        let change = history.revise(legs, at: bar.slot, isCarried: isCarried, x: xCloses, y: yCloses)
        history.withSlots(x: xCloses, y: yCloses) { slots in
            for index in windows.indices { windows[index].revise(slotsBack: slotsBack, change, of: slots) }
        }
    }

    /// Sums up the windows again, after their closes have changed.
    mutating func resum(columns: [SharedColumn]) {
        guard let lastSlot else { return }
        let (xCloses, yCloses) = (columns[xColumn].closes(at: lastSlot), columns[yColumn].closes(at: lastSlot))
        history.withSlots(x: xCloses, y: yCloses) { slots in
            for index in windows.indices { windows[index].resum(slots) }
        }
    }

    /// Turns complete slots into readings.
    /// - Parameters:
    ///   - watermark: both legs have closed every bar that ends at or before it.
    ///   - now: when the bars added since the last call arrived; with nil they wait for the watermark alone.
    ///   - timeout: microseconds that a leg's bar waits for the other leg.
    ///   - columns: of all instruments.
    mutating func advance(
        watermark: Timestamp?,
        now: Timestamp?,
        timeout: Int64,
        columns: [SharedColumn],
        readings: inout PairReadings,
        jobs: inout [TestJob]
    ) {
        if let now { aligner.setArrival(now) }
        let deadline = now.map { $0 - timeout }
        while let slot = aligner.next(watermark: watermark, deadline: deadline) {
            append(
                slot,
                x: columns[xColumn].closes(at: slot.slot),
                y: columns[yColumn].closes(at: slot.slot),
                readings: &readings,
                jobs: &jobs
            )
        }
        guard isRevised else { return }
        isRevised = false
        for window in windows { window.refresh(&readings[window.reading]) }
    }

    private mutating func append(
        _ slot: AlignedSlot,
        x: PriceColumn,
        y: PriceColumn,
        readings: inout PairReadings,
        jobs: inout [TestJob]
    ) {
        let closeTime = timeframe.closeTime(of: slot.slot)
        if case .close(_, isCarried: false) = slot.y { lastTradedSlots.y = slot.slot }
        if case .close(_, isCarried: false) = slot.x { lastTradedSlots.x = slot.slot }
        let oldest = min(lastTradedSlots.y ?? .max, lastTradedSlots.x ?? .max)
        let tradedTime = oldest == .max ? nil : timeframe.closeTime(of: oldest)
        if let lastSlot, slot.slot - lastSlot > 1 { skip(slot.slot - lastSlot - 1, through: slot.slot - 1, x: x, y: y) }
        history.append(slot)
        history.withSlots(x: x, y: y) { slots in
            for index in windows.indices {
                windows[index].step(
                    slot,
                    history: history,
                    of: slots,
                    closeTime: closeTime,
                    tradedTime: tradedTime,
                    reading: &readings[windows[index].reading],
                    jobs: &jobs
                )
            }
        }
        lastSlot = slot.slot
        isRevised = false
    }

    /// Skips slots of which neither leg has a bar.
    private mutating func skip(_ count: Int64, through last: Int64, x: PriceColumn, y: PriceColumn) {
        if count < Int64(history.longestWindow) {
            for slot in (last - count + 1)...last {
                history.appendNothing(at: slot)
                history.withSlots(x: x, y: y) { slots in
                    for index in windows.indices where count < Int64(windows[index].window) {
                        windows[index].appendNothing(at: slot, history: history, of: slots)
                    }
                }
            }
        } else {
            history.clear()
        }
        history.withSlots(x: x, y: y) { slots in
            for index in windows.indices { windows[index].skip(count, through: last, of: slots) }
        }
    }

    /// Records the result of the test of one of the windows.
    /// - Returns: the test of that window that waited for it, if any.
    mutating func complete(
        _ job: TestJob,
        _ judgement: Judgement,
        _ outcome: TestOutcome?,
        readings: inout PairReadings
    ) -> TestJob? {
        guard let index = index(of: job) else { return nil }
        return windows[index].complete(job, judgement, outcome, to: &readings[job.reading])
    }

    /// Shows the figures of a test of one of the windows, whose result has been recorded.
    func show(_ job: TestJob, _ outcome: TestOutcome, readings: inout PairReadings) {
        guard let index = index(of: job) else { return }
        windows[index].show(job, outcome, in: &readings[job.reading])
    }

    /// The test of one of the windows as it is after the last slot; nil where it cannot run, which the reading then
    /// says.
    mutating func test(_ reading: Int, columns: [SharedColumn], readings: inout PairReadings) -> TestJob? {
        guard let lastSlot, let index = windows.firstIndex(where: { $0.reading == reading }) else { return nil }
        let (x, y) = (columns[xColumn].closes(at: lastSlot), columns[yColumn].closes(at: lastSlot))
        return history.withSlots(x: x, y: y) { slots in
            windows[index].test(
                slot: lastSlot,
                of: slots,
                closeTime: timeframe.closeTime(of: lastSlot),
                for: &readings[reading]
            )
        }
    }

    /// Calls `body` with one of the windows and the slots that it is made from; nil before the first slot.
    func withWindow<Output>(
        of reading: Int,
        columns: [SharedColumn],
        _ body: (PairWindow, PairSlots) -> Output
    ) -> Output? {
        guard let lastSlot, let window = windows.first(where: { $0.reading == reading }) else { return nil }
        let (x, y) = (columns[xColumn].closes(at: lastSlot), columns[yColumn].closes(at: lastSlot))
        return history.withSlots(x: x, y: y) { body(window, $0) }
    }

    /// The state of the tests of a reading's window.
    func memory(of reading: Int) -> ReadingMemory? {
        windows.first { $0.reading == reading }?.memory
    }

    /// Continues from an earlier state of the tests.
    mutating func restore(_ memory: ReadingMemory, reading: Int) {
        for index in windows.indices where windows[index].reading == reading { windows[index].restore(memory) }
    }

    /// The tests that run elsewhere, one for each window at most.
    var runningTests: [TestJob] { windows.compactMap(\.runningTest) }

    /// Tests that are due and have no result yet.
    var waitingTests: Int { windows.reduce(0) { $0 + $1.waitingTests } }

    /// How often the signals of each window have begun.
    var signalEntries: [SIMD4<UInt32>] {
        windows.map(\.signalEntries)
    }

    /// Continues the counts of another run of the same pair.
    mutating func setSignalEntries(_ entries: [SIMD4<UInt32>], readings: inout PairReadings) {
        for (index, entries) in zip(windows.indices, entries) {
            windows[index].signalEntries = entries
            readings[windows[index].reading].signals.entries = entries
        }
    }

    private func index(of job: TestJob) -> Int? {
        windows.firstIndex { $0.reading == job.reading }
    }
}
