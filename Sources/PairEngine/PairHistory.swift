import PairStatistics

/// What a pair makes of its legs' columns: which legs its slots lack, and what the slots rest on.
///
/// The closes are shared with other pairs, to which the same bar may mean something else: it may have come in time there.
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

    /// What a slot rests on.
    func flags(at slot: Int64) -> SlotFlags {
        flags[SlotRing.place(of: slot, length: flags.count)]
    }

    /// Adds the next slot.
    mutating func append(_ slot: AlignedSlot) {
        absences.append(slot.absent, at: slot.slot)
        setFlags(slot.flags, at: slot.slot)
    }

    /// Adds a slot of which neither leg has brought a bar.
    mutating func appendNothing(at slot: Int64) {
        absences.append(.both, at: slot)
        setFlags([], at: slot)
    }

    /// Skips at least the longest window of slots without a bar.
    mutating func clear() {
        self = PairHistory(windows: [longestWindow])
    }

    /// Notes that legs brought a bar for one of the newest slots after all.
    /// - Parameter isCarried: whether it carries an old close.
    /// - Returns: what the slot has rested on and rests on now.
    mutating func revise(
        _ legs: AbsentLegs,
        at slot: Int64,
        isCarried: Bool,
        x: PriceColumn,
        y: PriceColumn
    ) -> (old: SlotFlags, new: SlotFlags, isWhole: Bool) {
        absences.remove(legs, at: slot)
        let values = withSlots(x: x, y: y) { $0[slot] }
        let isWhole = values.x.isFinite && values.y.isFinite
        let old = flags(at: slot)
        var new = old
        if isWhole {
            new = isCarried ? .carried : []
        } else if (legs.contains(.y) ? values.y : values.x).isNaN {
            new = .lost
        }
        setFlags(new, at: slot)
        return (old, new, isWhole)
    }

    /// Lends the slots.
    @inline(__always)
    func withSlots<Output>(x: PriceColumn, y: PriceColumn, _ body: (PairSlots) -> Output) -> Output {
        absences.withSlots(x: x, y: y, body)
    }

    private mutating func setFlags(_ new: SlotFlags, at slot: Int64) {
        let place = SlotRing.place(of: slot, length: flags.count)
        // Most slots have no flags and follow slots without: a look is cheaper than a write.
        if flags[place] != new { flags[place] = new }
    }
}
