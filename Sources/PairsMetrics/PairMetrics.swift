import MarketData
import PairEngine
import PairStatistics
package import PrometheusExposition

/// The table of metrics about pairs. A new statistic of a reading is a row here and nothing else.
package enum PairMetrics {
    /// All rows, in the order of exposition.
    package static let table: [PairMetric] =
        [info] + fit + spread + correlation + tests + evidence + window
        + [legUnitRoot, alternative, liveZScore, criticalValue, tickCorrelation, undefined, legUp]
        + signals

    /// The families of all rows.
    package static let families = table.map(\.family)

    /// The rows with one series for each reading, which follows from the reading alone.
    package static let ofReadings = table.filter { if case .one = $0.value { true } else { false } }

    private static let fit = [
        PairMetric(
            "pairs_hedge_ratio",
            isCore: true,
            help: "OLS slope of y on x over the window.",
            reason: { $0.fit.reason }
        ) { $0.fit.value?.slope },
        PairMetric(
            "pairs_hedge_ratio_stderr",
            help: "Classical standard error of the hedge ratio; too small when the spread is autocorrelated.",
            reason: { $0.fit.reason }
        ) { $0.fit.value?.slopeStandardError },
        PairMetric(
            "pairs_hedge_ratio_robust_stderr",
            help: "Standard error of the hedge ratio that allows for an autocorrelated spread; periodic.",
            reason: { $0.tests.flatMap(\.hedgeRatioError).reason }
        ) { $0.tests.value?.hedgeRatioError.value?.slopeStandardError },
        PairMetric(
            "pairs_intercept",
            help: "Intercept of the same fit.",
            reason: { $0.fit.reason }
        ) { $0.fit.value?.intercept },
        PairMetric(
            "pairs_r_squared",
            help: "Coefficient of determination of the same fit.",
            reason: { $0.fit.reason }
        ) { $0.fit.value?.rSquared },
    ]

    private static let spread = [
        PairMetric(
            "pairs_spread",
            isCore: true,
            help: "Residual of the last closed bar against the fit over the window.",
            reason: { $0.spread.reason }
        ) { $0.spread.value },
        PairMetric(
            "pairs_spread_stddev",
            help: "Standard deviation of the residuals in the window (ddof 1).",
            reason: { $0.fit.reason }
        ) { $0.fit.value?.residualStandardDeviation },
        PairMetric(
            "pairs_spread_zscore",
            isCore: true,
            help: "Spread over its standard deviation: in-sample, the last bar tilts its own line.",
            reason: { $0.zScore.reason }
        ) { $0.zScore.value },
        PairMetric(
            "pairs_forecast_zscore",
            isCore: true,
            help: "The last closed bar against the fit that ended one bar earlier: out of sample.",
            reason: { $0.forecastZScore.reason }
        ) { $0.forecastZScore.value },
        PairMetric(
            "pairs_spread_volatility_ratio",
            unit: "ratio",
            help:
                "Robust width of the spread's recent changes over that of the window's changes before them: 1 is normal.",
            reason: { $0.volatilityRatio.reason }
        ) { $0.volatilityRatio.value },
        PairMetric(
            "pairs_half_life_seconds",
            unit: "seconds",
            help:
                "Median-unbiased time in which the spread halves its distance to the mean; periodic, absent where its "
                + "interval has no upper end.",
            reason: { $0.tests.flatMap(\.halfLife).reason }
        ) { halfLife($0, \.bars) },
        PairMetric(
            "pairs_half_life_lower_seconds",
            unit: "seconds",
            help: "Lower end of the 90 % interval of the half-life; periodic.",
            reason: { $0.tests.flatMap(\.halfLife).reason }
        ) { halfLife($0, \.lowerBars) },
        PairMetric(
            "pairs_half_life_upper_seconds",
            unit: "seconds",
            help: "Upper end of the 90 % interval of the half-life; periodic.",
            reason: { $0.tests.flatMap(\.halfLife).reason }
        ) { halfLife($0, \.upperBars) },
    ]

    private static func halfLife(_ reading: PairReading, _ bars: KeyPath<HalfLife, Double>) -> Double? {
        reading.tests.value?.halfLife.value.map { $0[keyPath: bars] * reading.timeframe.seconds }
    }

    private static let correlation = [
        PairMetric(
            "pairs_return_correlation",
            isCore: true,
            help: "Correlation of one-bar returns in the window.",
            reason: { $0.returnCorrelation.reason }
        ) { $0.returnCorrelation.value },
        PairMetric(
            "pairs_return_correlation_lower",
            help: "Lower 95 % Fisher bound of the size of the return correlation.",
            reason: { $0.returnCorrelation.reason ?? .tooFew }
        ) { $0.returnCorrelationLower },
        PairMetric(
            "pairs_level_correlation",
            help: "Correlation of levels: high for most pairs of independent random walks, so a weak statement.",
            reason: { $0.levelCorrelation.reason }
        ) { $0.levelCorrelation.value },
    ]

    private static let tests = [
        PairMetric(
            "pairs_adf_statistic",
            help: "ADF statistic of the spread; periodic, see pairs_adf_timestamp_seconds.",
            reason: { $0.tests.flatMap(\.adf).reason }
        ) { $0.tests.value?.adf.value?.statistic },
        PairMetric(
            "pairs_adf_pvalue",
            help: "ADF p-value of the spread (MacKinnon 1994); too small for an estimated spread; periodic.",
            reason: { $0.tests.flatMap(\.adf).reason }
        ) { $0.tests.value?.adf.value?.pValue },
        PairMetric(
            "pairs_adf_lags",
            help: "Lags that the ADF regression used; periodic.",
            reason: { $0.tests.flatMap(\.adf).reason }
        ) {
            $0.tests.value?.adf.value.map { Double($0.lags) }
        },
        PairMetric(
            "pairs_adf_observations",
            help: "Rows of the ADF regression; periodic.",
            reason: { $0.tests.flatMap(\.adf).reason }
        ) {
            $0.tests.value?.adf.value.map { Double($0.observations) }
        },
        PairMetric(
            "pairs_adf_timestamp_seconds",
            unit: "seconds",
            help: "Close time of the last bar that the periodic tests saw.",
            reason: { $0.tests.reason }
        ) { $0.tests.value?.closeTime.seconds },
        PairMetric(
            "pairs_kpss_statistic",
            help: "KPSS statistic of the spread, whose null hypothesis is a stationary spread; periodic.",
            reason: { $0.tests.flatMap(\.kpss).reason }
        ) { $0.tests.value?.kpss.value?.statistic },
        PairMetric(
            "pairs_cointegration_statistic",
            help: "Engle-Granger statistic of the direction with the larger p-value; periodic.",
            reason: { $0.tests.flatMap(\.cointegration).reason }
        ) { $0.tests.value?.cointegration.value?.weaker.statistic },
        PairMetric(
            "pairs_cointegration_pvalue",
            isCore: true,
            help:
                "The larger Engle-Granger p-value of both directions, with the surface for an estimated residual "
                + "(MacKinnon 1994, N = 2); periodic.",
            reason: { $0.tests.flatMap(\.cointegration).reason }
        ) { $0.tests.value?.cointegration.value?.weaker.pValue },
        PairMetric(
            "pairs_cointegration_calibrated_pvalue",
            help:
                "The same test with a null distribution for this number of bars, and by a wild bootstrap where that "
                + "matters: what evidence is made from; periodic.",
            reason: { $0.tests.flatMap(\.cointegration).reason ?? .tooFew }
        ) { $0.tests.value?.calibratedPValue },
    ]

    /// Evidence needs tests that were due before the last bar.
    private static let evidenceReason: @Sendable (PairReading) -> UndefinedReason? = { reading in
        reading.tests.flatMap(\.cointegration).reason ?? .tooFew
    }

    private static let evidence = [
        PairMetric(
            "pairs_cointegration_evidence",
            help:
                "Evidence against no cointegration that holds under repeated looks: the average number of windows in "
                + "which an unrelated pair reaches it once; 1 is none, 1e9 the most.",
            reason: evidenceReason
        ) { $0.evidence },
        PairMetric(
            "pairs_cointegration_evidence_threshold",
            help: "The evidence from which on cointegration counts as proven.",
            reason: evidenceReason
        ) { $0.evidence == nil ? nil : CointegrationEvidence.threshold },
        PairMetric(
            "pairs_cointegration_proven",
            help: "1 while the evidence proves cointegration, with hysteresis.",
            reason: evidenceReason
        ) { reading in reading.evidence.map { _ in reading.isProven ? 1 : 0 } },
        PairMetric(
            "pairs_data_quality_ratio",
            unit: "ratio",
            help: "Share of the window's bars with a fresh price of both legs x share of the window filled.",
            reason: { $0.fit.reason ?? .warmingUp }
        ) { $0.dataQuality },
        PairMetric(
            "pairs_confidence_ratio",
            unit: "ratio",
            isCore: true,
            help:
                "How far to trust the reading as one of a cointegrated pair: data quality x evidence / (evidence + "
                + "threshold), so that 0.5 of perfect data is the threshold.",
            reason: { $0.dataQuality == nil ? $0.fit.reason ?? .warmingUp : evidenceReason($0) }
        ) { $0.confidence },
    ]

    private static let window = [
        PairMetric(
            "pairs_window_observations",
            outlivesStaleness: true,
            help: "Bars in the window that have a value on both legs.",
            reason: { _ in nil }
        ) { Double($0.observations) },
        PairMetric(
            "pairs_window_fill_ratio",
            unit: "ratio",
            isCore: true,
            outlivesStaleness: true,
            help: "Those bars over the bars of the window.",
            reason: { _ in nil }
        ) { $0.fillRatio },
        PairMetric(
            "pairs_window_carried_ratio",
            unit: "ratio",
            outlivesStaleness: true,
            help: "Share of the window's bars without a fresh trade on a leg.",
            reason: { _ in .warmingUp }
        ) { $0.carriedRatio },
        PairMetric(
            "pairs_window_gap_ratio",
            unit: "ratio",
            outlivesStaleness: true,
            help: "Share of the window's bars that were lost.",
            reason: { _ in .warmingUp }
        ) { $0.gapRatio },
        PairMetric(
            "pairs_last_bar_timestamp_seconds",
            unit: "seconds",
            outlivesStaleness: true,
            help: "Close time of the last bar used.",
            reason: { _ in .warmingUp }
        ) { $0.closeTime?.seconds },
    ]
}
