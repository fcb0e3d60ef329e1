/// How many slots of a window have each of the flags.
struct FlagCounts: Sendable {
    /// Slots that carry a close.
    private(set) var carried = 0
    /// Slots without a value because trades are missing.
    private(set) var lost = 0

    /// Counts the flags of a slot in place of others.
    mutating func replace(_ old: SlotFlags, with new: SlotFlags) {
        if old == new { return }
        carried += (new.contains(.carried) ? 1 : 0) - (old.contains(.carried) ? 1 : 0)
        lost += (new.contains(.lost) ? 1 : 0) - (old.contains(.lost) ? 1 : 0)
    }
}
