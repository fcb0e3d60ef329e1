import RealModule

extension SimulatedInstrument {
    /// The share of a follower's spread that remains after some seconds.
    func spreadDecay(seconds: Double) -> Double {
        Double.exp2(-seconds / halfLife)
    }

    /// Standard deviation of the change of an instrument's own process over some seconds: the log price without a
    /// driver, or the spread of a follower.
    func ownDeviation(seconds: Double) -> Double {
        if driver == nil { return volatility * seconds.squareRoot() }
        let decay = spreadDecay(seconds: seconds)
        return spreadVolatility * (1 - decay * decay).squareRoot()
    }

    /// Standard deviation of a decoupled follower's own moves over one second, equal to that of the driver's
    /// contribution that it replaces.
    func decoupledDeviation(driverVolatility: Double) -> Double {
        abs(hedgeRatio) * driverVolatility
    }
}
