/// What is known about ids that exist and are not on disk.
public enum IDGapState: String, Sendable, CaseIterable {
    /// Missing, and worth asking the venue for.
    case open
    /// Was missing, is on disk now.
    case repaired
    /// Missing for good.
    case unrepairable
    /// Seen, and not a trade of the market.
    case discarded
}
