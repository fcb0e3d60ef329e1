package import MarketData
package import PairEngine

/// What the metrics of a pair need of its configuration.
package struct PairDescription: Sendable {
    /// The value of the label `pair`.
    package let name: String
    /// The leg that is explained.
    package let y: Instrument
    /// The leg that explains.
    package let x: Instrument
    /// Logarithms or levels of price.
    package let price: PriceScale
    /// Bar lengths, ascending.
    package let timeframes: [Timeframe]
    /// Window lengths in bars, ascending.
    package let windows: [Int]
    /// The further estimators of the hedge ratio.
    package let hedgeRatios: [HedgeRatioMethod]
    /// When signals begin and end.
    package let signals: SignalThresholds
    /// The levels that are values of `pairs_threshold`, by the value of its label; the same names for each pair.
    package let thresholds: [(name: String, value: Double)]
    /// Whether every family is exposed, not only the core.
    package let isFull: Bool

    /// A pair with all that its metrics depend on.
    package init(
        name: String,
        y: Instrument,
        x: Instrument,
        price: PriceScale,
        timeframes: [Timeframe],
        windows: [Int],
        hedgeRatios: [HedgeRatioMethod],
        signals: SignalThresholds,
        thresholds: [(name: String, value: Double)],
        isFull: Bool
    ) {
        self.name = name
        self.y = y
        self.x = x
        self.price = price
        self.timeframes = timeframes
        self.windows = windows
        self.hedgeRatios = hedgeRatios
        self.signals = signals
        self.thresholds = thresholds
        self.isFull = isFull
    }

    /// The most series that the pair has.
    package var seriesCount: Int {
        let readings = timeframes.count * windows.count
        return PairMetrics.table.reduce(0) { sum, metric in
            guard isFull || metric.isCore else { return sum }
            return sum + metric.count(self) * (metric.isOfReading ? readings : 1)
        }
    }
}
