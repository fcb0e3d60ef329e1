/// Something that happens to one instrument of a simulated market, and again every fifteen minutes.
package struct SimulatedEpisode: Hashable, Sendable {
    /// What happens.
    package enum Kind: String, Sendable, CaseIterable {
        /// The price leaves its driver and walks on its own; afterwards the spread reverts at its usual pace.
        case decoupling
        /// The noise is ``SimulatedEpisode/factor`` times as large.
        case volatilityBurst = "volatility_burst"
        /// Trades happen and are numbered, but none is delivered.
        case silentFeed = "silent_feed"
    }

    /// All episodes come again after this many seconds.
    package static let period = 900.0

    /// What happens.
    package var kind: Kind
    /// The symbol it happens to.
    package var instrument: String
    /// Seconds from the start of the run to the first time.
    package var start: Double
    /// Seconds that it lasts, less than the period.
    package var duration: Double
    /// How many times as large the noise of a volatility burst is.
    package var factor: Double

    /// An episode from its parts.
    package init(_ kind: Kind, of instrument: String, start: Double, duration: Double, factor: Double = 10) {
        self.kind = kind
        self.instrument = instrument
        self.start = start
        self.duration = duration
        self.factor = factor
    }

    /// Whether it is going on, so many seconds after the start of the run.
    package func isActive(at elapsed: Double) -> Bool {
        guard elapsed >= start else { return false }
        return (elapsed - start).truncatingRemainder(dividingBy: Self.period) < duration
    }
}
