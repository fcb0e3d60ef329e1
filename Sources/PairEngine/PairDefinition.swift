package import MarketData

/// One configured pair: y is regressed on x.
package struct PairDefinition: Sendable, Hashable {
    /// The value of the label `pair`.
    package var name: String
    /// The dependent leg.
    package var y: InstrumentID
    /// The regressor.
    package var x: InstrumentID
    /// Bar lengths to watch the pair at.
    package var timeframes: [Timeframe]
    /// Window lengths in bars.
    package var windows: [Int]
    /// Logarithms or prices.
    package var price: PriceScale
    /// The periodic tests.
    package var tests: TestSettings
    /// When signals begin and end.
    package var signals: SignalThresholds
    /// Which readings may alert.
    package var alerts: AlertSettings

    /// A pair from its parts.
    package init(
        name: String,
        y: InstrumentID,
        x: InstrumentID,
        timeframes: [Timeframe],
        windows: [Int],
        price: PriceScale = .log,
        tests: TestSettings = TestSettings(),
        signals: SignalThresholds = SignalThresholds(),
        alerts: AlertSettings = AlertSettings()
    ) {
        self.name = name
        self.y = y
        self.x = x
        self.timeframes = timeframes
        self.windows = windows
        self.price = price
        self.tests = tests
        self.signals = signals
        self.alerts = alerts
    }
}
