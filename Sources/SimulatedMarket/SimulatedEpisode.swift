/// A disturbance of one instrument of a simulated market, repeated every fifteen minutes.
package struct SimulatedEpisode: Hashable, Sendable {
    /// The kind of disturbance.
    package enum Kind: String, Sendable, CaseIterable {
        /// The price is an independent random walk; afterwards the spread reverts with its usual half-life.
        case decoupling
        /// The noise is multiplied by ``SimulatedEpisode/factor``.
        case volatilityBurst = "volatility_burst"
        /// Trades happen and have ids, but none is delivered.
        case silentFeed = "silent_feed"
    }

    /// The period in seconds after which all episodes repeat.
    package static let period = 900.0

    /// The kind of disturbance.
    package var kind: Kind
    /// The symbol of the instrument.
    package var instrument: String
    /// Seconds from the start of the run to the first occurrence.
    package var start: Double
    /// The duration in seconds, less than the period.
    package var duration: Double
    /// The factor of the noise in a volatility burst.
    package var factor: Double

    /// An episode from its parts.
    package init(_ kind: Kind, of instrument: String, start: Double, duration: Double, factor: Double = 10) {
        self.kind = kind
        self.instrument = instrument
        self.start = start
        self.duration = duration
        self.factor = factor
    }

    /// Whether the episode is active at a number of seconds after the start of the run.
    package func isActive(at elapsed: Double) -> Bool {
        guard elapsed >= start else { return false }
        return (elapsed - start).truncatingRemainder(dividingBy: Self.period) < duration
    }
}
