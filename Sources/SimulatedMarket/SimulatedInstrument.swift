/// One instrument of a simulated market.
///
/// Without a driver its log price is a random walk. With one it is `intercept + hedgeRatio · log(driver) + spread`, the
/// spread an Ornstein-Uhlenbeck process: hedge ratio and half-life are the true values for a comparison with the
/// exporter's estimates.
package struct SimulatedInstrument: Hashable, Sendable {
    /// The symbol at the venue `simulated`.
    package var symbol: String
    /// The price at the start, without the spread at that moment.
    package var price: Double
    /// The symbol of the driver, which has no driver itself, or nil for an independent random walk.
    package var driver: String?
    /// The true slope of the log price on the driver's log price.
    package var hedgeRatio: Double
    /// The true half-life of the spread in seconds.
    package var halfLife: Double
    /// Standard deviation of the log return over one second of an instrument without a driver.
    package var volatility: Double
    /// Stationary standard deviation of the spread, in log price.
    package var spreadVolatility: Double
    /// The mean rate of a Poisson process of trades.
    package var tradesPerSecond: Double
    /// Decimals of the price; one unit of the last is the tick.
    package var priceDecimals: Int
    /// Decimals of the quantity.
    package var quantityDecimals: Int
    /// The mean of the exponentially distributed quantity.
    package var meanQuantity: Double

    /// An instrument whose log price is a random walk.
    package static func randomWalk(
        _ symbol: String,
        price: Double,
        volatility: Double,
        tradesPerSecond: Double,
        priceDecimals: Int = 2,
        quantityDecimals: Int = 3,
        meanQuantity: Double = 0.1
    ) -> SimulatedInstrument {
        SimulatedInstrument(
            symbol: symbol,
            price: price,
            driver: nil,
            hedgeRatio: 0,
            halfLife: 0,
            volatility: volatility,
            spreadVolatility: 0,
            tradesPerSecond: tradesPerSecond,
            priceDecimals: priceDecimals,
            quantityDecimals: quantityDecimals,
            meanQuantity: meanQuantity
        )
    }

    /// An instrument that is cointegrated with another.
    package static func follower(
        _ symbol: String,
        of driver: String,
        price: Double,
        hedgeRatio: Double,
        halfLife: Double,
        spreadVolatility: Double,
        tradesPerSecond: Double,
        priceDecimals: Int = 2,
        quantityDecimals: Int = 3,
        meanQuantity: Double = 1
    ) -> SimulatedInstrument {
        SimulatedInstrument(
            symbol: symbol,
            price: price,
            driver: driver,
            hedgeRatio: hedgeRatio,
            halfLife: halfLife,
            volatility: 0,
            spreadVolatility: spreadVolatility,
            tradesPerSecond: tradesPerSecond,
            priceDecimals: priceDecimals,
            quantityDecimals: quantityDecimals,
            meanQuantity: meanQuantity
        )
    }
}
