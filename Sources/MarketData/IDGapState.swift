/// The state of ids that exist at the venue and are not on disk, or were not.
public enum IDGapState: String, Sendable, CaseIterable {
    /// Missing, and can still be requested from the venue.
    case open
    /// Was missing, and is on disk.
    case repaired
    /// Missing, and cannot be fetched.
    case unrepairable
    /// Received, and not a trade of the market.
    case discarded
}
