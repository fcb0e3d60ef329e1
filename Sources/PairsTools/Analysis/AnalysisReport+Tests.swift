import PairEngine
import PairStatistics
import PairsApp
import PairsMetrics

extension AnalysisReport {
    /// Adds the results of the tests of a pair.
    mutating func addTests(_ analysis: PairAnalysis) {
        let tests = analysis.reading.tests
        section("Tests")
        add(tests.flatMap(\.adf), "unit root of the spread; p is too small for an estimated spread, see engle_granger")
        let cointegration = tests.flatMap(\.cointegration)
        add("engle_granger", cointegration.map(\.yOnX), "of y and x; null hypothesis: no cointegration")
        add("engle_granger_reversed", cointegration.map(\.xOnY), "x on y: the decision can differ")
        addCalibrated(tests)
        addLegs(tests)
        add(tests.flatMap(\.kpss), "null hypothesis: the spread is stationary, the complement of adf")
        add(analysis.varianceRatio)
        addRatios(analysis.hedgeRatios)
    }

    /// ADF of a series.
    mutating func add(_ outcome: Measured<AugmentedDickeyFuller>, _ meaning: String) {
        let test = outcome.value
        var parts = Self.statistic(test?.statistic, surfacePValue: test?.pValue)
        parts += [
            ReportFigure("lags", JSONValue(test?.lags)), ReportFigure("observations", JSONValue(test?.observations)),
            ReportFigure("critical_values", Self.levels(test?.criticalValues)),
        ]
        add("adf", parts, outcome.reason, meaning)
    }

    /// KPSS of a series.
    mutating func add(_ outcome: Measured<KPSS>, _ meaning: String) {
        let test = outcome.value
        let bound = test.map(ReportBound.ofKPSS)
        let parts = [
            ReportFigure("statistic", JSONValue(test?.statistic)),
            ReportFigure("pvalue", JSONValue(test?.pValue), shown: test.flatMap { bound?.text($0.pValue) }),
            Self.bound(bound), ReportFigure("lags", JSONValue(test?.lags)),
        ]
        add("kpss", parts, outcome.reason, meaning)
    }

    /// Variance ratio of a series.
    mutating func add(_ outcome: Measured<VarianceRatio>) {
        let test = outcome.value
        let periods = test.map { _ in AnalysisSettings.varianceRatioPeriods }
        let parts =
            [ReportFigure("ratio", JSONValue(test?.ratio))]
            + Self.statistic(test?.statistic, surfacePValue: test?.pValue)
            + [ReportFigure("periods", JSONValue(periods))]
        add(
            "variance_ratio",
            parts,
            outcome.reason,
            "null hypothesis: a random walk; a ratio below 1 is reversion or bid-ask bounce; misses slow reversion"
        )
    }

    private mutating func add(_ key: String, _ outcome: Measured<EngleGranger>, _ meaning: String) {
        let test = outcome.value
        var parts = Self.statistic(test?.statistic, surfacePValue: test?.pValue)
        parts += [
            ReportFigure("lags", JSONValue(test?.lags)),
            ReportFigure("critical_values", Self.levels(test?.criticalValues)),
        ]
        add(key, parts, outcome.reason, meaning)
    }

    /// Adds one test: its figures or, where it has none, the reason.
    private mutating func add(
        _ key: String,
        _ parts: [ReportFigure],
        _ reason: UndefinedReason?,
        _ meaning: String
    ) {
        var parts = parts
        if let reason {
            parts.append(ReportFigure("reason", .string(absence(reason).text), isInText: false))
            explain(key, reason)
        }
        add(ReportFigure(key, parts: parts, meaning))
    }

    private mutating func addLegs(_ tests: Measured<TestOutcome>) {
        let legs = [("y", tests.flatMap(\.unitRootY)), ("x", tests.flatMap(\.unitRootX))]
        add(
            ReportFigure(
                "leg_unit_root",
                parts: legs.map { leg, test in
                    let pValue = test.value?.pValue
                    return ReportFigure(leg, JSONValue(pValue), shown: pValue.map(ReportBound.surfaceText))
                },
                "ADF p-value of each leg: a small one says that the leg reverts by itself"
            )
        )
        for (leg, test) in legs { test.reason.map { explain("leg_unit_root.\(leg)", $0) } }
    }

    private mutating func addCalibrated(_ tests: Measured<TestOutcome>) {
        let pValue = tests.value?.calibratedPValue
        add(
            ReportFigure(
                "calibrated_pvalue",
                JSONValue(pValue),
                "of the direction with the larger p, by a null distribution for this number of observations",
                shown: pValue.map(ReportBound.surfaceText)
            )
        )
        if pValue == nil { explain("calibrated_pvalue", tests.flatMap(\.cointegration).reason ?? .tooFew) }
    }

    private mutating func addRatios(_ ratios: [(method: HedgeRatioMethod, value: Measured<Double>)]) {
        add(
            ReportFigure(
                "hedge_ratios",
                parts: ratios.map { ReportFigure($0.method.label, JSONValue($0.value.value)) },
                "the same ratio by other estimators; a wide spread means outliers or drift"
            )
        )
        for (method, ratio) in ratios { ratio.reason.map { explain("hedge_ratios.\(method.label)", $0) } }
    }

    private static func statistic(_ statistic: Double?, surfacePValue pValue: Double?) -> [ReportFigure] {
        [
            ReportFigure("statistic", JSONValue(statistic)),
            ReportFigure("pvalue", JSONValue(pValue), shown: pValue.map(ReportBound.surfaceText)),
            bound(pValue.map(ReportBound.ofSurface)),
        ]
    }

    private static func bound(_ bound: ReportBound?) -> ReportFigure {
        ReportFigure("pvalue_bound", bound.map { .string($0.rawValue) } ?? .null, isInText: false)
    }

    private static func levels(_ values: CriticalValues?) -> JSONValue {
        guard let values else { return .null }
        return .object(CriticalValueLevels.list(values).map { ($0.level, JSONValue($0.value)) })
    }
}
