public import MarketData
public import PairStatistics

/// What one run of the periodic tests found.
public struct TestOutcome: Sendable {
    /// The end of the last bar that the tests saw.
    public let closeTime: Timestamp
    /// ADF on the spread, with the configured terms and lag choice.
    public let adf: Measured<AugmentedDickeyFuller>
    /// Engle-Granger of y on x with a constant, lags by AIC.
    public let engleGranger: Measured<EngleGranger>
    /// Half-life of the spread in bars.
    public let halfLife: Measured<HalfLife>
}
