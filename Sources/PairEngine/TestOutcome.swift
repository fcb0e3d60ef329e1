public import MarketData
public import PairStatistics

/// What one run of the periodic tests found.
///
/// A class, so that the reading of every bar between two runs shares it and does not copy it.
public final class TestOutcome: Sendable {
    /// The end of the last bar that the tests saw.
    public let closeTime: Timestamp
    /// ADF on the spread, with the configured terms and lag choice.
    public let adf: Measured<AugmentedDickeyFuller>
    /// Engle-Granger of y on x with a constant, lags by AIC.
    public let engleGranger: Measured<EngleGranger>
    /// KPSS on the spread about a constant, automatic lag: the complementary null hypothesis.
    public let kpss: Measured<KPSS>
    /// Half-life of the spread in bars.
    public let halfLife: Measured<HalfLife>
    /// Newey-West standard error of the hedge ratio.
    public let hedgeRatioError: Measured<NeweyWest>
    /// The hedge ratio by the configured further methods, in their order.
    public let hedgeRatios: [(method: HedgeRatioMethod, value: Measured<Double>)]

    init(
        closeTime: Timestamp,
        adf: Measured<AugmentedDickeyFuller>,
        engleGranger: Measured<EngleGranger>,
        kpss: Measured<KPSS>,
        halfLife: Measured<HalfLife>,
        hedgeRatioError: Measured<NeweyWest>,
        hedgeRatios: [(method: HedgeRatioMethod, value: Measured<Double>)]
    ) {
        self.closeTime = closeTime
        self.adf = adf
        self.engleGranger = engleGranger
        self.kpss = kpss
        self.halfLife = halfLife
        self.hedgeRatioError = hedgeRatioError
        self.hedgeRatios = hedgeRatios
    }
}
