package import PairEngine

/// The state of all pairs at one moment, which a scrape shows.
package struct PairsSnapshot: Sendable {
    /// The present state of one leg of a pair.
    package struct Leg: Sendable {
        /// The price of the last trade.
        package let lastPrice: Double?
        /// Whether its stream is proven alive.
        package let isUp: Bool

        /// A leg with its last price.
        package init(lastPrice: Double?, isUp: Bool) {
            self.lastPrice = lastPrice
            self.isUp = isUp
        }
    }

    /// One reading per pair × timeframe × window, in the order of the descriptions.
    package let readings: PairReadings
    /// Whether each reading is stale.
    package let isStale: [Bool]
    /// What followed past extremes of each reading; empty before the first computation.
    package let efficacies: [SignalEfficacy]
    /// The correlation of each pair's ticks.
    package let tickCorrelations: [Measured<Double>]
    /// The legs of each pair.
    package let legs: [(y: Leg, x: Leg)]

    /// A snapshot of readings and legs in the order of the descriptions.
    package init(
        readings: PairReadings,
        isStale: [Bool],
        efficacies: [SignalEfficacy],
        tickCorrelations: [Measured<Double>],
        legs: [(y: Leg, x: Leg)]
    ) {
        self.readings = readings
        self.isStale = isStale
        self.efficacies = efficacies
        self.tickCorrelations = tickCorrelations
        self.legs = legs
    }
}
