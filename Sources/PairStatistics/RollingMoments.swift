/// The moments of the levels and of their first differences over the last `capacity` slots of a pair's grid, each a
/// pair of values or a gap.
///
/// The slots are passed to each call that needs them (``PairSlots``), so that windows of several lengths, and of
/// several pairs that share a leg, read the same columns.
///
/// An update costs O(1) and allocates nothing; reading moments is O(1). The sums behind them are relative to an anchor.
/// They are rebuilt from the slots each time the number of the next one is a multiple of the capacity, so that they
/// depend on the last two windows of slots only, to the last bit; and at once when an outlier that left the window has
/// left rounding in them. (Adding and removing in Welford's form keeps the rounding of every past outlier.)
public struct RollingMoments: Sendable {
    /// Number of slots when full.
    public let capacity: Int
    /// Appended slots, gaps included, at most `capacity`.
    public private(set) var slotCount = 0
    /// The number of the slot that is appended next.
    @usableFromInline var nextSlot: Int64 = 0
    /// Its remainder after division by the capacity; at 0 the sums start again.
    @usableFromInline var phase = 0
    @usableFromInline var newest: SIMD2<Double>
    @usableFromInline var changes = SIMD2<Double>.zero
    @usableFromInline var sums = AnchoredSums()

    /// An empty window of `capacity` slots (at least 2).
    public init(capacity: Int) {
        self.capacity = max(2, capacity)
        newest = Self.gap
    }

    /// Moments of the values in the valid slots.
    @inlinable @inline(__always)
    public var levels: PairMoments { sums.levels }

    /// Moments of the first differences between adjacent valid slots.
    @inlinable @inline(__always)
    public var returns: PairMoments { sums.returns.changes(betweenLevels: sums.levelAnchor) }

    /// One-bar changes in the window at which x moved (both bars valid and adjacent).
    var changesX: Int { Int(changes.x) }

    /// One-bar changes in the window at which y moved (both bars valid and adjacent).
    var changesY: Int { Int(changes.y) }

    /// Slots that hold a value.
    public var validCount: Int { sums.levelCount }

    /// Whether `capacity` slots have been appended.
    public var isFull: Bool { slotCount == capacity }

    /// The values of the newest slot, nil when it is a gap or nothing was appended.
    public var latest: (x: Double, y: Double)? {
        Self.isValid(newest) ? (newest.x, newest.y) : nil
    }

    /// Whether a leg hardly moves: its variance is rounding noise (`PairMoments.hasFlatLeg`), or it changed in fewer
    /// than one in ten of the steps between adjacent valid slots. Constant time.
    public var hasStillLeg: Bool {
        levels.hasFlatLeg || changes.min() < 0.1 * Double(sums.returnCount)
    }

    /// How many different values a leg must have in the window: one for ten slots, at most ten. Fewer come from the
    /// steps of its quotes, not from its price.
    public var distinctValuesNeeded: Int { min(10, (capacity + 9) / 10) }

    /// How many of the newest slots hold this number of different values of each leg, at most 16; nil where the window
    /// has fewer.
    public func newestSlots(holding count: Int, of slots: PairSlots) -> Int? {
        // Vectors, as arrays would be allocated on each call.
        var values = (x: SIMD16<Double>(repeating: .nan), y: SIMD16<Double>(repeating: .nan))
        var found = (x: 0, y: 0)
        let count = min(count, 16)
        for back in 0..<slotCount {
            if found.x == count, found.y == count { return back }
            let slot = slots[nextSlot &- 1 &- Int64(back)]
            guard Self.isValid(slot) else { continue }
            if found.x < count, !any(values.x .== slot.x) {
                values.x[found.x] = slot.x
                found.x += 1
            }
            if found.y < count, !any(values.y .== slot.y) {
                values.y[found.y] = slot.y
                found.y += 1
            }
        }
        return found == (count, count) ? slotCount : nil
    }

    /// Appends a slot.
    /// - Parameters:
    ///   - slot: its values; one that is not finite makes it a gap.
    ///   - slots: the window's slots and this one.
    @inlinable @inline(__always)
    public mutating func append(_ slot: SIMD2<Double>, of slots: PairSlots) {
        let oldest = nextSlot &- Int64(capacity)
        push(slot, replacing: slots[oldest], before: slots[oldest &+ 1], of: slots)
    }

    /// Sets the number of the first slot, so that windows that began at different times rebuild their sums at the same
    /// slots. It has no effect on a window with slots.
    /// - Parameter nextSlot: the number of the slot that is appended next.
    public mutating func align(nextSlot: Int64) {
        if slotCount == 0 { move(to: nextSlot) }
    }

    /// Skips at least `capacity` slots without values.
    /// - Parameter last: the number of the last of them.
    public mutating func clear(through last: Int64) {
        self = RollingMoments(capacity: capacity)
        slotCount = capacity
        move(to: last &+ 1)
    }

    private mutating func move(to slot: Int64) {
        nextSlot = slot
        let remainder = Int(slot % Int64(capacity))
        phase = remainder < 0 ? remainder + capacity : remainder
    }

    /// Updates the sums by a slot whose values have changed: a slot that has left the window changes nothing, one
    /// before the first becomes part of the window. O(capacity) time.
    /// - Parameters:
    ///   - slotsBack: how many slots it lies before the newest.
    ///   - slots: the window's slots, with the new values.
    public mutating func revise(slotsBack: Int, of slots: PairSlots) {
        guard slotsBack >= 0, slotsBack < capacity, slotCount > 0 else { return }
        slotCount = max(slotCount, slotsBack + 1)
        let slot = slots[nextSlot &- 1 &- Int64(slotsBack)]
        if slotsBack == 0 { newest = Self.isValid(slot) ? slot : Self.gap }
        resum(slots)
        // The anchor is the earlier mean: where the value has changed it much, digits are lost.
        if sums.isImprecise { resum(slots) }
        var changes = SIMD2<Double>.zero
        forEachStep(of: slots) { changes += Self.moved($0) }
        self.changes = changes
    }

    /// The valid values, oldest first.
    public func values(of slots: PairSlots) -> (x: [Double], y: [Double]) {
        var x: [Double] = []
        var y: [Double] = []
        x.reserveCapacity(validCount)
        y.reserveCapacity(validCount)
        forEachSlot(of: slots) { slot in
            guard Self.isValid(slot) else { return }
            x.append(slot.x)
            y.append(slot.y)
        }
        return (x, y)
    }

    /// The longest stretch of adjacent valid slots, oldest first; the latest of several.
    public func longestContiguousRun(of slots: PairSlots) -> (x: [Double], y: [Double]) {
        if validCount == slotCount { return values(of: slots) }
        var best = 0..<0
        var start = 0
        for position in 0..<slotCount {
            if !Self.isValid(slot(at: position, of: slots)) {
                start = position + 1
            } else if position + 1 - start >= best.count {
                best = start..<(position + 1)
            }
        }
        return (best.map { slot(at: $0, of: slots).x }, best.map { slot(at: $0, of: slots).y })
    }

    /// Calls `body` with every slot, oldest first.
    func forEachSlot(of slots: PairSlots, _ body: (SIMD2<Double>) -> Void) {
        slots.forEach(in: (nextSlot &- Int64(slotCount))..<nextSlot, body)
    }

    /// Calls `body` with every difference between adjacent valid slots, oldest first.
    private func forEachStep(of slots: PairSlots, _ body: (SIMD2<Double>) -> Void) {
        var previous = Self.gap
        forEachSlot(of: slots) { slot in
            if Self.isValid(slot), Self.isValid(previous) { body(slot - previous) }
            previous = slot
        }
    }

    static func isValid(_ slot: SIMD2<Double>) -> Bool {
        (slot.x - slot.x + (slot.y - slot.y)) == 0
    }

    /// 1 for each leg that has moved in a step.
    @inlinable @inline(__always)
    static func moved(_ step: SIMD2<Double>) -> SIMD2<Double> {
        SIMD2.zero.replacing(with: 1, where: step .!= .zero)
    }

    static let gap = SIMD2<Double>(repeating: .nan)

    /// The slot at this number of places after the oldest.
    func slot(at position: Int, of slots: PairSlots) -> SIMD2<Double> {
        slots[nextSlot &- Int64(slotCount &- position)]
    }

    /// Adds the next slot to the moments.
    /// - Parameters:
    ///   - oldest: the slot that it replaces, NaN where there is none.
    ///   - successor: the slot after this.
    @inlinable @inline(__always)
    mutating func push(
        _ slot: SIMD2<Double>,
        replacing oldest: SIMD2<Double>,
        before successor: SIMD2<Double>,
        of slots: PairSlots
    ) {
        let isComplete = count(slot, replacing: oldest, before: successor)
        // One call for all rare cases keeps the sums in registers for the last condition.
        if !isComplete || isAtEdge || sums.mayBeImprecise {
            settle(isComplete ? nil : slot, replacing: oldest, before: successor, of: slots)
        }
    }

    /// Whether the last slot ends a round or begins one.
    @inlinable @inline(__always)
    var isAtEdge: Bool { phase <= 1 || phase >= capacity }

    /// Counts a slot where it and its neighbours have both values; ``settle(_:replacing:before:of:)`` has to follow
    /// where they do not, and at the edges of a round.
    /// - Returns: whether they do.
    @inlinable @inline(__always)
    mutating func count(
        _ slot: SIMD2<Double>,
        replacing oldest: SIMD2<Double>,
        before successor: SIMD2<Double>
    ) -> Bool {
        nextSlot &+= 1
        phase &+= 1
        let entering = slot - newest
        let leaving = successor - oldest
        // Not finite where one of the four slots is a gap or empty, 0 where a leg has not changed.
        let check = entering * leaving
        let product = check.x * check.y
        guard product.isFinite else { return false }
        newest = slot
        sums.replace(oldest, leaving, with: slot, entering)
        if product == 0 { changes += Self.moved(entering) - Self.moved(leaving) }
        return true
    }

    /// Counts a slot beside a gap, replaces the sums by those without removals once these cover the window, and sums
    /// the window again where digits were lost.
    @usableFromInline @inline(never)
    mutating func settle(
        _ slot: SIMD2<Double>?,
        replacing oldest: SIMD2<Double>,
        before successor: SIMD2<Double>,
        of slots: PairSlots
    ) {
        if phase == capacity { phase = 0 }
        if let slot {
            if isFull { evict(oldest, successor: successor) } else { slotCount += 1 }
            insert(slot)
        }
        // The step to the first slot of a round is not in the window that ends with the last one.
        if phase == 0 { renew(slots) } else if phase == 1 { sums.keepReturns() }
        if sums.isImprecise { resum(slots) }
    }

    private mutating func evict(_ oldest: SIMD2<Double>, successor: SIMD2<Double>) {
        guard Self.isValid(oldest) else { return }
        let change = Self.isValid(successor) ? successor - oldest : nil
        sums.remove(level: oldest, change: change)
        if let change { changes -= Self.moved(change) }
    }

    private mutating func insert(_ slot: SIMD2<Double>) {
        let previous = newest
        newest = Self.isValid(slot) ? slot : Self.gap
        guard Self.isValid(slot) else { return }
        let change = Self.isValid(previous) ? slot - previous : nil
        sums.add(level: slot, change: change)
        if let change { changes += Self.moved(change) }
    }

    /// Sums up a window that ends with the last slot of a round.
    private mutating func renew(_ slots: PairSlots) {
        if sums.levelCount == capacity {
            sums = AnchoredSums(complete: slots, (nextSlot &- Int64(capacity))..<nextSlot, anchor: newest)
        } else {
            resum(slots, from: AnchoredSums(anchor: Self.isValid(newest) ? newest : .zero))
        }
        sums.center()
    }

    /// Sums up the window again about its present means, with the slots since the first of the round apart.
    private mutating func resum(_ slots: PairSlots) {
        resum(slots, from: sums.emptied)
    }

    private mutating func resum(_ slots: PairSlots, from empty: AnchoredSums) {
        var rebuilt = empty
        var previous = Self.gap
        for position in 0..<slotCount {
            let slot = slot(at: position, of: slots)
            let isFirstOfRound = position == slotCount - phase || position == slotCount - phase - capacity
            if isFirstOfRound { rebuilt.keep() }
            if Self.isValid(slot) {
                rebuilt.append(level: slot, change: Self.isValid(previous) ? slot - previous : nil)
            }
            if isFirstOfRound { rebuilt.keepReturns() }
            previous = slot
        }
        if phase == 0 { rebuilt.keep() }
        rebuilt.updateShares()
        sums = rebuilt
    }
}
