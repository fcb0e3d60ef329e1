/// Settings of all pairs.
package struct EngineSettings: Sendable, Hashable {
    /// Microseconds of event time that a closed bar of one leg waits for the other leg's.
    package var pairTimeout: Int64
    /// Bars without a fresh bar after which a reading is stale.
    package var carryLimit: Int
    /// Share of a window's slots that must be valid before anything is published.
    package var minimumFill: Double

    /// Settings from their parts.
    package init(pairTimeout: Int64 = 2_000_000, carryLimit: Int = 20, minimumFill: Double = 0.9) {
        self.pairTimeout = pairTimeout
        self.carryLimit = carryLimit
        self.minimumFill = minimumFill
    }
}
