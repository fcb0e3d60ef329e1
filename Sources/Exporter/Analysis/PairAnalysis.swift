import MarketData
import PairEngine
import PairStatistics

/// Every statistic of one pair over one window, or why it has none: what `analyze` answers.
///
/// It is the reading that the exporter would have after the last slot, by the same rules; only the tests run although they
/// may not be due.
struct PairAnalysis: Sendable {
    /// One slot of the grid, or a gap.
    typealias Slot = WindowReplay.Slot?

    /// The reading after the last slot.
    let reading: PairReading
    /// Slots of the window without a value.
    let missing: Int
    /// Newey-West standard error of the hedge ratio on the rows that tests see.
    let hacError: Measured<NeweyWest>
    /// The hedge ratio by further methods on the rows that tests see.
    let hedgeRatios: [(method: HedgeRatioMethod, value: Measured<Double>)]
    /// How past extremes were followed, where requested.
    let efficacy: SignalEfficacy?
    /// How the analysis is made.
    let settings: AnalysisSettings
    /// Whether the window is all there is, so that no earlier window is known.
    let isSingleWindow: Bool

    /// Analyses the last of consecutive slots, the first of which is slot 0.
    init(_ slots: [Slot], settings: AnalysisSettings, timeframe: Timeframe) {
        let placed = slots.enumerated().map { PlacedSlot(slot: Int64($0), value: $1) }
        self.init(placed[...], settings: settings, timeframe: timeframe)
    }

    /// Analyses the last slots.
    /// - Parameters:
    ///   - slots: by ascending slot, as many as there are: the window is made from the last, evidence and signals from
    ///     all.
    ///   - settings: the window, the tests, the thresholds.
    ///   - timeframe: the length of the slots.
    init(_ slots: ArraySlice<PlacedSlot>, settings: AnalysisSettings, timeframe: Timeframe) {
        let (first, last) = (slots.first?.slot ?? 0, slots.last?.slot ?? -1)
        let span = Int(last - first + 1)
        let window = settings.window ?? span
        let length = WindowReplay.historyLength(window: window, thresholds: settings.thresholds)
        let start = settings.efficacy || length >= span ? first : last - Int64(length) + 1
        let history = slots.drop { $0.slot < start }
        // Of the tests before the last only the evidence is needed.
        var tests = settings.tests
        tests.hedgeRatios = []
        var replay = WindowReplay(
            timeframe: timeframe,
            window: window,
            price: settings.price ?? .log,
            minimumFill: settings.minimumFill,
            tests: tests,
            thresholds: settings.thresholds,
            firstSlot: start
        )
        for slot in history { replay.append(slot.value, at: slot.slot) }
        replay.test()
        reading = replay.reading
        missing = min(window, span) - replay.reading.observations
        let (x, y) = replay.testedValues
        hacError = replay.reading.tests.flatMap { _ in
            Result { () throws(UndefinedStatistic) in try NeweyWest(x: x, y: y) }.mapError(UndefinedReason.init)
        }
        hedgeRatios = settings.tests.hedgeRatios.map { method in
            (
                method,
                replay.reading.tests.flatMap { _ in
                    Result { () throws(UndefinedStatistic) in try method.hedgeRatio(y: y, x: x) }
                        .mapError(UndefinedReason.init)
                }
            )
        }
        efficacy = settings.efficacy ? replay.efficacy : nil
        self.settings = settings
        isSingleWindow = window >= span
    }
}
