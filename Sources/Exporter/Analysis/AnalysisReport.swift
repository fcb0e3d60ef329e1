import PairEngine
import PairStatistics

/// The answer of `analyze`: for programs as JSON, for people as text.
public struct AnalysisReport: Sendable {
    private struct Entry: Sendable {
        let key: String
        let value: JSONValue
        /// What the entry means, for the text; nil where the key says it all.
        let meaning: String?
    }

    private var entries: [Entry] = []
    private var reasons: [(key: String, value: JSONValue)] = []
    private var warnings: [String] = []

    init(_ analysis: PairAnalysis) {
        let reading = analysis.reading
        let tests = reading.tests
        add("observations", .integer(reading.observations))
        add("tested_observations", tests.map { Double($0.observations) }, "the longest stretch without a gap")
        add("hedge_ratio", reading.fit.map(\.slope), reading.price.slopeMeaning)
        add("intercept", reading.fit.map(\.intercept))
        add(
            "hedge_ratio_stderr",
            reading.fit.map(\.slopeStandardError),
            "classical; too small when the spread is autocorrelated"
        )
        add(
            "hedge_ratio_robust_stderr",
            tests.flatMap(\.hedgeRatioError).map(\.slopeStandardError),
            "allows for the autocorrelation of the spread"
        )
        add(
            "hedge_ratio_hac_stderr",
            analysis.hacError.map(\.slopeStandardError),
            "Newey-West with its usual bandwidth; too small when the spread reverts slowly"
        )
        add("r_squared", reading.fit.map(\.rSquared))
        add("spread", reading.spread, "the last observation's distance from the fit")
        add("spread_stddev", reading.fit.map(\.residualStandardDeviation))
        add("zscore", reading.zScore, "in-sample: the last observation tilts its own line")
        addBaseRates(reading.zScore, window: reading.window, fit: .including)
        add("forecast_zscore", reading.forecastZScore, "against the fit that ended one observation earlier")
        addBaseRates(reading.forecastZScore, window: reading.window, fit: .before)
        add("return_correlation", reading.returnCorrelation)
        add("level_correlation", reading.levelCorrelation, "high for most random walks: a weak statement")
        let halfLife = tests.flatMap(\.halfLife)
        add("half_life_bars", halfLife.map(\.bars), "median-unbiased")
        add("half_life_lower_bars", halfLife.map(\.lowerBars), "90 % interval")
        add("half_life_upper_bars", halfLife.map(\.upperBars))
        add(tests.flatMap(\.adf), "too small a p-value for an estimated spread; see engle_granger")
        let cointegration = tests.flatMap(\.cointegration)
        add("engle_granger", cointegration.map(\.yOnX), "cointegration of y and x; null hypothesis: there is none")
        add("engle_granger_reversed", cointegration.map(\.xOnY), "x on y: the decision can differ")
        add(
            "calibrated_pvalue",
            tests.flatMap { outcome in
                outcome.cointegration.flatMap { _ in
                    outcome.calibratedPValue.map { .success($0) } ?? .failure(.tooFew)
                }
            },
            "of the direction with the larger p, by a null distribution for this number of bars"
        )
        add("leg_unit_root", tests)
        add(tests.flatMap(\.kpss))
        add(tests.value?.hedgeRatios ?? [])
        add(reading, analysis.thresholds)
        if let efficacy = analysis.efficacy { add(efficacy) }
        warn(observations: reading.observations)
        if analysis.missing > 0 {
            warnings.append(
                "\(analysis.missing) bars of the window have no value; "
                    + (tests.value.map { "tests ran on the longest stretch without one, \($0.observations) bars" }
                        ?? "no stretch without one is long enough for tests")
            )
        }
    }

    init(_ analysis: SeriesAnalysis) {
        add("observations", .integer(analysis.observations))
        add("half_life_bars", analysis.halfLife.map(\.bars))
        add(analysis.adf, "null hypothesis: the series has a unit root")
        add(analysis.kpss)
        warn(observations: analysis.observations)
    }

    /// A JSON object; what cannot be computed is null, with its reason under `reason`.
    public var json: String {
        var object = entries.map { (key: $0.key, value: $0.value) }
        object.append(("reason", .object(reasons)))
        object.append(("warnings", .array(warnings.map { .string($0) })))
        return JSONValue.object(object).text + "\n"
    }

    /// A table with a word on what each figure means.
    public var text: String {
        var lines: [String] = []
        for entry in entries {
            switch entry.value {
            case .object(let parts):
                lines.append(Self.line(entry.key, nil, entry.meaning))
                for part in parts {
                    if case .object(let levels) = part.value {
                        let values = levels.map { "\($0.key) \(Self.figure($0.value))" }.joined(separator: ", ")
                        lines.append(Self.line("  " + part.key, values, nil))
                    } else {
                        lines.append(Self.line("  " + part.key, Self.figure(part.value), nil))
                    }
                }
            default:
                lines.append(Self.line(entry.key, Self.figure(entry.value), entry.meaning))
            }
        }
        for reason in reasons {
            lines.append("\(reason.key) is missing: \(Self.figure(reason.value))")
        }
        lines += warnings.map { "warning: \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    mutating func add(_ key: String, _ value: JSONValue, _ meaning: String? = nil) {
        entries.append(Entry(key: key, value: value, meaning: meaning))
    }

    private mutating func add(_ key: String, _ outcome: Result<Double, UndefinedReason>, _ meaning: String? = nil) {
        switch outcome {
        case .success(let value): add(key, JSONValue(value), meaning)
        case .failure(let undefined):
            add(key, .null, meaning)
            reasons.append((key, .string(Self.explain(undefined))))
        }
    }

    private mutating func add(_ outcome: Result<AugmentedDickeyFuller, UndefinedReason>, _ meaning: String) {
        let test = try? outcome.get()
        add(
            "adf",
            test: [
                ("statistic", JSONValue(test?.statistic)),
                ("pvalue", JSONValue(test?.pValue)),
                ("lags", JSONValue(test?.lags)),
                ("observations", JSONValue(test?.observations)),
                ("critical_values", Self.levels(test?.criticalValues)),
            ],
            reason: outcome.map { _ in },
            meaning
        )
    }

    private mutating func add(_ key: String, _ outcome: Result<EngleGranger, UndefinedReason>, _ meaning: String) {
        let test = try? outcome.get()
        add(
            key,
            test: [
                ("statistic", JSONValue(test?.statistic)),
                ("pvalue", JSONValue(test?.pValue)),
                ("lags", JSONValue(test?.lags)),
                ("critical_values", Self.levels(test?.criticalValues)),
            ],
            reason: outcome.map { _ in },
            meaning
        )
    }

    private mutating func add(_ outcome: Result<KPSS, UndefinedReason>) {
        let test = try? outcome.get()
        add(
            "kpss",
            test: [
                ("statistic", JSONValue(test?.statistic)),
                ("pvalue", JSONValue(test?.pValue)),
                ("lags", JSONValue(test?.lags)),
            ],
            reason: outcome.map { _ in },
            "null hypothesis: stationary, the complement of adf"
        )
    }

    private mutating func add(_ key: String, _ tests: Measured<TestOutcome>) {
        let legs = [("y", tests.flatMap(\.unitRootY)), ("x", tests.flatMap(\.unitRootX))]
        add(
            key,
            .object(legs.map { (key: $0, value: JSONValue($1.value?.pValue)) }),
            "ADF p-value of each leg: a small one says that the leg reverts alone"
        )
        for (leg, test) in legs { test.reason.map { explain("\(key).\(leg)", $0) } }
    }

    /// Says why an entry is null.
    mutating func explain(_ key: String, _ reason: UndefinedReason) {
        reasons.append((key, .string(Self.explain(reason))))
    }

    private mutating func add(_ ratios: [(method: HedgeRatioMethod, value: Measured<Double>)]) {
        var parts: [(key: String, value: JSONValue)] = []
        for (method, ratio) in ratios {
            parts.append((method.label, JSONValue(try? ratio.get())))
            guard case .failure(let undefined) = ratio else { continue }
            reasons.append(("hedge_ratios.\(method.label)", .string(Self.explain(undefined))))
        }
        add("hedge_ratios", .object(parts), "the same ratio by other estimators; a wide spread means outliers or drift")
    }

    /// One test: its figures and, where it has none, why.
    private mutating func add(
        _ key: String,
        test parts: [(key: String, value: JSONValue)],
        reason: Result<Void, UndefinedReason>,
        _ meaning: String
    ) {
        var parts = parts
        if case .failure(let undefined) = reason {
            parts.append(("reason", .string(Self.explain(undefined))))
            reasons.append((key, .string(Self.explain(undefined))))
        }
        add(key, .object(parts), meaning)
    }

    private mutating func warn(observations: Int) {
        let enough = AnalysisSettings.trustworthyObservations
        guard observations < enough else { return }
        warnings.append("\(observations) observations: below \(enough) a p-value says little")
    }

    private static func levels(_ values: CriticalValues?) -> JSONValue {
        guard let values else { return .null }
        return .object(CriticalValueLevels.list(values).map { ($0.level, JSONValue($0.value)) })
    }

    private static func explain(_ undefined: UndefinedReason) -> String {
        "\(undefined.rawValue): \(undefined.explanation)"
    }

    private static func figure(_ value: JSONValue) -> String {
        if case .string(let text) = value { text } else { value.text }
    }

    private static func line(_ key: String, _ value: String?, _ meaning: String?) -> String {
        let padded = key + String(repeating: " ", count: max(1, 22 - key.count)) + (value ?? "")
        guard let meaning else { return padded }
        return padded + String(repeating: " ", count: max(2, 46 - padded.count)) + meaning
    }
}

extension PriceScale {
    /// What a hedge ratio is in this scale.
    fileprivate var slopeMeaning: String {
        switch self {
        case .log: "elasticity: per cent of y per per cent of x that the fit holds against each other"
        case .level: "units of x that the fit holds against one unit of y"
        }
    }
}
