/// The flags of a window's slots, and how many slots have each.
struct RollingFlags: Sendable {
    /// Slots that carry a close.
    private(set) var carriedCount = 0
    /// Slots without a value because trades are missing.
    private(set) var lostCount = 0
    private var flags: [SlotFlags]
    private var position = 0

    init(capacity: Int) {
        flags = Array(repeating: [], count: max(1, capacity))
    }

    /// Replaces the flags of the oldest slot by those of the next.
    mutating func append(_ new: SlotFlags) {
        replace(at: position, with: new)
        position = position + 1 == flags.count ? 0 : position + 1
    }

    /// Sets the flags of a slot by its distance from the newest; one that has left the window has none.
    mutating func set(_ new: SlotFlags, slotsBack: Int) {
        guard slotsBack < flags.count else { return }
        replace(at: (position - 1 - slotsBack + 2 * flags.count) % flags.count, with: new)
    }

    private mutating func replace(at index: Int, with new: SlotFlags) {
        let old = flags[index]
        // Most slots have no flags and follow slots without: a read is cheaper than a write.
        if old == new { return }
        flags[index] = new
        carriedCount += (new.contains(.carried) ? 1 : 0) - (old.contains(.carried) ? 1 : 0)
        lostCount += (new.contains(.lost) ? 1 : 0) - (old.contains(.lost) ? 1 : 0)
    }
}
