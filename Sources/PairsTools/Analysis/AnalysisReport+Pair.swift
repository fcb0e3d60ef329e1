import PairEngine
import PairStatistics
import PairsApp

extension AnalysisReport {
    /// The report on a pair.
    init(_ analysis: PairAnalysis, source: AnalysisSource) {
        let reading = analysis.reading
        self.init(
            head: AnalysisHead(
                source,
                analysis.settings,
                price: reading.price,
                window: reading.observations,
                tested: reading.tests.value?.testedObservations
            )
        )
        addFit(analysis)
        addSpread(reading)
        addTests(analysis)
        add(reading, analysis.settings.thresholds)
        if let efficacy = analysis.efficacy { add(efficacy, unit: source.unit) }
        conclude(Verdict(VerdictFacts(analysis, source: source)))
        warn(observations: reading.observations, unit: source.unit)
        guard analysis.missing > 0 else { return }
        warn(
            (analysis.missing == 1
                ? "1 \(source.unit) of the window has no value; "
                : "\(analysis.missing) \(source.unit)s of the window have no value; ")
                + (reading.tests.value
                    .map { "tests and half-life use the longest stretch without one, \($0.observations)" }
                    ?? "no stretch without one is long enough for tests")
        )
    }

    /// Warns where there are too few observations for a reliable p-value.
    mutating func warn(observations: Int, unit: String) {
        let enough = AnalysisSettings.trustworthyObservations
        guard observations < enough else { return }
        let found = observations == 1 ? "1 observation" : "\(observations) observations"
        warn("\(found): below \(enough) \(unit)s a p-value says little")
    }

    private mutating func addFit(_ analysis: PairAnalysis) {
        let reading = analysis.reading
        let tests = reading.tests
        section("Fit")
        add(ReportFigure("observations", .integer(reading.observations)))
        add(
            ReportFigure(
                "tested_observations",
                JSONValue(tests.value?.testedObservations),
                "the longest stretch without a gap"
            )
        )
        if tests.value?.testedObservations == nil {
            explain("tested_observations", tests.reason ?? tests.flatMap(\.cointegration).reason ?? .tooFew)
        }
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
    }

    private mutating func addSpread(_ reading: PairReading) {
        section("Spread")
        add("spread", reading.spread, "the last observation's distance from the fit")
        add("spread_stddev", reading.fit.map(\.residualStandardDeviation))
        add("zscore", reading.zScore, "in-sample: the last observation tilts its own line")
        addBaseRates("zscore_base_rate", reading.zScore, window: reading.window, fit: .including)
        add("forecast_zscore", reading.forecastZScore, "against the fit that ended one observation earlier")
        addBaseRates("forecast_zscore_base_rate", reading.forecastZScore, window: reading.window, fit: .before)
        add("return_correlation", reading.returnCorrelation, "of changes from one observation to the next")
        add("level_correlation", reading.levelCorrelation, "high for most random walks: a weak statement")
        let halfLife = reading.tests.flatMap(\.halfLife)
        add("half_life_bars", halfLife.map(\.bars), "in observations, median-unbiased")
        add("half_life_lower_bars", halfLife.map(\.lowerBars), "90 % interval")
        add("half_life_upper_bars", halfLife.map(\.upperBars))
    }

    /// Adds how often other pairs have a z-score of this size.
    private mutating func addBaseRates(
        _ key: String,
        _ zScore: Measured<Double>,
        window: Int,
        fit: ZScoreBaseRate.Fit
    ) {
        let size = zScore.value.map(abs)
        let bound = size.map(ReportBound.ofBaseRate)
        var parts = ZScoreBaseRate.Law.allCases.map { law in
            let share = size.flatMap { ZScoreBaseRate.share(beyond: $0, window: window, law: law, fit: fit) }
                // Interpolation and simulation give no more digits.
                .map { ($0 * 1e4).rounded() / 1e4 }
            return ReportFigure(law.rawValue, JSONValue(share), shown: share.flatMap { bound?.text($0) })
        }
        parts.append(ReportFigure("bound", bound.map { .string($0.rawValue) } ?? .null, isInText: false))
        add(
            ReportFigure(
                key,
                parts: parts,
                "share of observations with a z-score at least as large: unrelated random walks, and pairs that revert"
            )
        )
        if let reason = zScore.reason { explain(key, reason) }
    }
}

extension TestOutcome {
    /// The number of observations of a test that has a result; nil where none has one.
    fileprivate var testedObservations: Int? {
        let legs = [unitRootY, unitRootX]
        let hasResult =
            adf.value != nil || cointegration.value != nil || kpss.value != nil || legs.contains { $0.value != nil }
        return hasResult ? observations : nil
    }
}

extension PriceScale {
    /// The meaning of a hedge ratio in this scale.
    fileprivate var slopeMeaning: String {
        switch self {
        case .log: "elasticity: per cent that y moves when x moves by 1 %"
        case .level: "units that y moves when x moves by one of its units"
        }
    }
}
