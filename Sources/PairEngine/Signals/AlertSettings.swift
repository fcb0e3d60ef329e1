public import MarketData

/// Which readings of a pair may alert, and from where on a deviation deserves it.
public struct AlertSettings: Sendable, Hashable {
    /// The bar lengths whose readings may alert.
    public var timeframes: [Timeframe]
    /// The confidence that a reading needs before its z-score alerts.
    public var minimumConfidence: Double
    /// Size of the forecast z-score at which an alert begins.
    public var zScore: Double
    /// Size of the forecast z-score below which it ends.
    public var zScoreExit: Double

    /// Settings from their parts. Bars of seconds never alert by default: at that pace a message is old when it arrives.
    public init(
        timeframes: [Timeframe] = ["1m", "5m"].compactMap(Timeframe.init),
        minimumConfidence: Double = 0.5,
        zScore: Double = 3,
        zScoreExit: Double = 1
    ) {
        self.timeframes = timeframes
        self.minimumConfidence = minimumConfidence
        self.zScore = zScore
        self.zScoreExit = zScoreExit
    }
}
