import MarketData
import PairEngine
import PairStatistics

/// Every statistic of one pair over one window, or why it has none: the result of `analyze`.
///
/// It is the reading that the exporter would have after the last slot, by the same rules; only the tests run although
/// they may not be due.
struct PairAnalysis: Sendable {
    /// The reading after the last slot.
    let reading: PairReading
    /// Slots of the window without a value.
    let missing: Int
    /// Newey-West standard error of the hedge ratio on the rows that tests use.
    let hacError: Measured<NeweyWest>
    /// Variance ratio of the spread on the rows that tests use.
    let varianceRatio: Measured<VarianceRatio>
    /// The hedge ratio by further methods on the rows that tests use.
    let hedgeRatios: [(method: HedgeRatioMethod, value: Measured<Double>)]
    /// What followed past extremes, where requested.
    let efficacy: SignalEfficacy?
    /// How the analysis is made.
    let settings: AnalysisSettings
    /// Whether there is no earlier window.
    let isSingleWindow: Bool

    /// Analyses the last slots.
    /// - Parameters:
    ///   - bars: of the legs ``PairBars/y`` and ``PairBars/x``, by ascending slot, all that exist: the window uses the
    ///     last ones, evidence and signals use all.
    ///   - slots: from the first bar to the last.
    ///   - settings: the window, the tests, the thresholds.
    ///   - timeframe: the length of the bars.
    init(_ bars: some Sequence<Bar>, slots: ClosedRange<Int64>, settings: AnalysisSettings, timeframe: Timeframe) {
        let span = Int(slots.upperBound - slots.lowerBound + 1)
        let window = settings.window ?? span
        let length = PairEngine.historyLength(window: window, thresholds: settings.thresholds)
        let start =
            settings.efficacy || length >= span ? slots.lowerBound : slots.upperBound - Int64(length) + 1
        // Earlier tests are needed only for the evidence.
        var tests = settings.tests
        tests.hedgeRatios = []
        let definition = PairDefinition(
            name: "",
            y: PairBars.y,
            x: PairBars.x,
            timeframes: [timeframe],
            windows: [window],
            price: settings.price ?? .log,
            tests: tests,
            signals: settings.thresholds
        )
        var engine = PairEngine(
            definitions: [definition],
            settings: EngineSettings(minimumFill: settings.minimumFill)
        )
        var extremes = ExtremeFollower(of: 0)
        engine.replay(bars.lazy.filter { $0.slot >= start }, tests: .last) { _, engine in
            if settings.efficacy { extremes.follow(engine) }
        }
        engine.test(0)
        let reading = engine.readings[0]
        let (x, y) = engine.testedValues(of: 0)
        self.reading = reading
        missing = min(window, span) - reading.observations
        hacError = reading.tests.flatMap { _ in
            Result { () throws(UndefinedStatistic) in try NeweyWest(x: x, y: y) }.mapError(UndefinedReason.init)
        }
        // The variance ratio needs the same spread as ADF, and the same conditions.
        varianceRatio = reading.tests.flatMap(\.adf).flatMap { _ in
            Result { () throws(UndefinedStatistic) in
                let fit = try LinearFit(PairMoments(x: x, y: y))
                let spread = zip(x, y).map { fit.residual(x: $0, y: $1) }
                return try VarianceRatio(spread, periods: AnalysisSettings.varianceRatioPeriods)
            }
            .mapError(UndefinedReason.init)
        }
        hedgeRatios = settings.tests.hedgeRatios.map { method in
            (
                method,
                reading.tests.flatMap { _ in
                    Result { () throws(UndefinedStatistic) in try method.hedgeRatio(y: y, x: x) }
                        .mapError(UndefinedReason.init)
                }
            )
        }
        efficacy = settings.efficacy ? extremes.efficacy : nil
        self.settings = settings
        isSingleWindow = window >= span
    }
}
