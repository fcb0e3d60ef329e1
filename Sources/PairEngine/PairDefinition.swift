public import MarketData

/// One configured pair: y is regressed on x.
public struct PairDefinition: Sendable, Hashable {
    /// The value of the label `pair`.
    public var name: String
    /// The leg that is explained.
    public var y: InstrumentID
    /// The leg that explains.
    public var x: InstrumentID
    /// Bar lengths to watch the pair at.
    public var timeframes: [Timeframe]
    /// Window lengths in bars.
    public var windows: [Int]
    /// Logarithms or prices.
    public var price: PriceScale
    /// The periodic tests.
    public var tests: TestSettings
    /// When signals begin and end.
    public var signals: SignalThresholds
    /// Which readings may alert.
    public var alerts: AlertSettings

    /// A pair from its parts.
    public init(
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
