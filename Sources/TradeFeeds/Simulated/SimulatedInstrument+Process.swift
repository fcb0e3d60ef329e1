import RealModule

extension SimulatedInstrument {
    /// The share of a follower's spread that is left after some seconds.
    func spreadDecay(seconds: Double) -> Double {
        Double.exp2(-seconds / halfLife)
    }

    /// Standard deviation of what some seconds add to the log price of an instrument without a driver, or to the spread
    /// of a follower.
    func ownDeviation(seconds: Double) -> Double {
        if driver == nil { return volatility * seconds.squareRoot() }
        let decay = spreadDecay(seconds: seconds)
        return spreadVolatility * (1 - decay * decay).squareRoot()
    }

    /// Standard deviation of a second's move of a follower that has left its driver: as large as what it has lost.
    func decoupledDeviation(driverVolatility: Double) -> Double {
        abs(hedgeRatio) * driverVolatility
    }
}
