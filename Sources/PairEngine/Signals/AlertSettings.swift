package import MarketData

/// Which readings of a pair may alert, and from which deviation on.
package struct AlertSettings: Sendable, Hashable {
    /// The bar lengths whose readings may alert.
    package var timeframes: [Timeframe]
    /// The confidence that a reading needs before its z-score alerts.
    package var minimumConfidence: Double
    /// Size of the forecast z-score at which an alert begins.
    package var zScore: Double
    /// Size of the forecast z-score below which it ends.
    package var zScoreExit: Double

    /// Settings from their parts. Bars of seconds never alert by default: a message about them would arrive too late.
    package init(
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
