import PairStatistics

/// The pair's view of its legs' columns: the legs that are absent from its slots, and the flags of the slots.
///
/// The closes are shared with other pairs, for which the same bar may have been in time.
struct PairHistory: Sendable {
    /// The longest of the pair's windows.
    let longestWindow: Int
    private var absences: SlotAbsences
    /// By slot, in a ring.
    private var flags: [SlotFlags]

    init(windows: [Int]) {
        longestWindow = windows.max() ?? 0
        absences = SlotAbsences(minimumLength: longestWindow + 1)
        flags = Array(repeating: [], count: SlotRing.length(holding: longestWindow + 1))
    }

    /// The flags of a slot.
    func flags(at slot: Int64) -> SlotFlags {
        flags[SlotRing.place(of: slot, length: flags.count)]
    }

    /// Adds the next slot.
    mutating func append(_ slot: AlignedSlot) {
        absences.append(slot.absent, at: slot.slot)
        setFlags(slot.flags, at: slot.slot)
    }

    /// Adds a slot without a bar of either leg.
    mutating func appendNothing(at slot: Int64) {
        absences.append(.both, at: slot)
        setFlags([], at: slot)
    }

    /// Skips at least the longest window of slots without a bar.
    mutating func clear() {
        self = PairHistory(windows: [longestWindow])
    }

    /// Records late bars of legs for one of the newest slots.
    /// - Parameter isCarried: whether it carries an old close.
    /// - Returns: the flags of the slot before and after, and whether it has both values.
    mutating func revise(
        _ legs: AbsentLegs,
        at slot: Int64,
        isCarried: Bool,
        x: PriceColumn,
        y: PriceColumn
    ) -> (old: SlotFlags, new: SlotFlags, isComplete: Bool) {
        absences.remove(legs, at: slot)
        let values = withSlots(x: x, y: y) { $0[slot] }
        let isComplete = values.x.isFinite && values.y.isFinite
        let old = flags(at: slot)
        var new = old
        if isComplete {
            new = isCarried ? .carried : []
        } else if (legs.contains(.y) ? values.y : values.x).isNaN {
            new = .lost
        }
        setFlags(new, at: slot)
        return (old, new, isComplete)
    }

    /// Calls `body` with the slots.
    @inline(__always)
    func withSlots<Output>(x: PriceColumn, y: PriceColumn, _ body: (PairSlots) -> Output) -> Output {
        absences.withSlots(x: x, y: y, body)
    }

    private mutating func setFlags(_ new: SlotFlags, at slot: Int64) {
        let place = SlotRing.place(of: slot, length: flags.count)
        // Most slots have no flags and follow slots without: a read is cheaper than a write.
        if flags[place] != new { flags[place] = new }
    }
}
