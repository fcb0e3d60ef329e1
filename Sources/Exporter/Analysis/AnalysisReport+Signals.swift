import PairEngine
import PairStatistics

extension AnalysisReport {
    /// How often others have a z-score as large.
    mutating func addBaseRates(_ zScore: Measured<Double>, window: Int, fit: ZScoreBaseRate.Fit) {
        let size = zScore.value.map(abs)
        add(
            fit == .before ? "forecast_zscore_base_rate" : "zscore_base_rate",
            .object(
                ZScoreBaseRate.Law.allCases.map { law in
                    let share = size.flatMap { ZScoreBaseRate.share(beyond: $0, window: window, law: law, fit: fit) }
                    // What interpolation and simulation have of digits.
                    return (law.rawValue, JSONValue(share.map { ($0 * 1e4).rounded() / 1e4 }))
                }
            ),
            "share of bars with a z-score at least as large: unrelated random walks, and pairs that revert"
        )
        zScore.reason.map { explain(fit == .before ? "forecast_zscore_base_rate" : "zscore_base_rate", $0) }
    }

    /// The signals, what they mean, and how far to trust it.
    mutating func add(_ reading: PairReading, _ thresholds: SignalThresholds) {
        add("evidence", JSONValue(reading.evidence), "against no cointegration, over all tests of the rows; 1 is none")
        add("evidence_threshold", JSONValue(CointegrationEvidence.threshold), "from here on cointegration is proven")
        add("proven", reading.evidence == nil ? .null : .string(reading.isProven ? "yes" : "no"))
        add("data_quality", JSONValue(reading.dataQuality))
        add(
            "signals",
            .object(
                Signal.allCases.map { signal in
                    let words = reading.holds(signal).map { $0 ? "holds" : "does not hold" }
                    return (signal.rawValue, words.map { .string($0) } ?? .null)
                }
            ),
            "as the last bars leave them"
        )
        let words = Interpretation(reading, thresholds: thresholds)
        add("confidence", JSONValue(reading.confidence))
        if reading.evidence == nil {
            // Evidence needs tests that were due before the last row; one window of everything leaves no room for them.
            let reason = reading.tests.flatMap(\.cointegration).reason ?? .tooFew
            for key in ["evidence", "proven", "confidence"] { explain(key, reason) }
        }
        if reading.dataQuality == nil { explain("data_quality", .warmingUp) }
        for signal in Signal.allCases where reading.holds(signal) == nil {
            let isOfTests = signal == .stationarityRisk
            let reason = isOfTests ? reading.tests.flatMap(\.cointegration).reason : reading.fit.reason
            explain("signals.\(signal.rawValue)", reason ?? .tooFew)
        }
        add(
            "interpretation",
            .object([
                ("state", .string(words.state.name)), ("meaning", .string(words.meaning)),
                ("confidence", .string(words.confidence)), ("watch", .string(words.watch)),
                ("missing_bars", .integer(reading.missingObservations)),
            ])
        )
    }

    /// How past extremes were followed.
    mutating func add(_ efficacy: SignalEfficacy) {
        add(
            "efficacy",
            .object([
                ("extremes", .integer(efficacy.count)), ("reverted", .integer(efficacy.reverted)),
            ]),
            "z-score extremes whose spread came back half of the way within the half-life estimated at their beginning"
        )
    }
}
