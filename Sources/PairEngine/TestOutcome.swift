package import MarketData
package import PairStatistics

/// The figures of one run of the periodic tests.
///
/// A class, so that the reading of every bar between two runs shares it and does not copy it.
package final class TestOutcome: Sendable {
    /// The end of the last bar in the tests.
    package let closeTime: Timestamp
    /// Bars in the tests: the longest stretch of the window without a gap.
    package let observations: Int
    /// ADF on the spread, with the configured terms and lag choice.
    package let adf: Measured<AugmentedDickeyFuller>
    /// Engle-Granger in both directions with a constant, lags by AIC.
    package let cointegration: Measured<MutualCointegration>
    /// The p-value of the direction with the larger p under a null distribution of its own, from which evidence is
    /// made; nil without a test.
    package let calibratedPValue: Double?
    /// ADF of the y leg with a constant, lags by AIC.
    package let unitRootY: Measured<AugmentedDickeyFuller>
    /// ADF of the x leg with a constant, lags by AIC.
    package let unitRootX: Measured<AugmentedDickeyFuller>
    /// KPSS on the spread about a constant, automatic lag: the complementary null hypothesis.
    package let kpss: Measured<KPSS>
    /// Half-life of the spread in bars, median-unbiased, with its interval.
    package let halfLife: Measured<HalfLife>
    /// Standard error of the hedge ratio that allows for an autocorrelated spread.
    package let hedgeRatioError: Measured<RobustSlopeError>
    /// The hedge ratio by the configured further methods, in their order.
    package let hedgeRatios: [(method: HedgeRatioMethod, value: Measured<Double>)]

    init(
        closeTime: Timestamp,
        observations: Int,
        adf: Measured<AugmentedDickeyFuller>,
        judgement: Judgement,
        kpss: Measured<KPSS>,
        halfLife: Measured<HalfLife>,
        hedgeRatioError: Measured<RobustSlopeError>,
        hedgeRatios: [(method: HedgeRatioMethod, value: Measured<Double>)]
    ) {
        self.closeTime = closeTime
        self.observations = observations
        self.adf = adf
        cointegration = judgement.cointegration
        calibratedPValue = judgement.calibratedPValue
        unitRootY = judgement.legs.y
        unitRootX = judgement.legs.x
        self.kpss = kpss
        self.halfLife = halfLife
        self.hedgeRatioError = hedgeRatioError
        self.hedgeRatios = hedgeRatios
    }
}
