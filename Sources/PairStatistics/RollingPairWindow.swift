/// The last `capacity` slots of a pair's grid, each a pair of values or a gap, with the moments of the levels and of
/// their first differences kept up to date.
///
/// An update costs O(1) and allocates nothing; reading moments is O(1). The sums behind them are relative to an anchor.
/// They are rebuilt from the ring each time it starts again at its first place, so that sums of an aligned window
/// (``align(nextSlot:)``) depend on the last two windows of slots and on nothing before, to the last bit; and at once when
/// an outlier that left the window would otherwise leave its rounding behind. (Adding and removing in Welford's form keeps
/// the rounding of every past outlier.)
///
/// ```swift
/// var window = RollingPairWindow(capacity: 240)
/// window.append(x: btc, y: eth)
/// let fit = try LinearFit(window.levels)
/// ```
public struct RollingPairWindow: Sendable {
    /// Number of slots when full.
    public let capacity: Int
    /// Slots seen so far, gaps included, at most `capacity`.
    public private(set) var slotCount = 0
    /// A gap is a slot of NaN, as is one that was never filled.
    @usableFromInline var slots: [SIMD2<Double>]
    /// Where the next slot goes; the oldest one when full.
    @usableFromInline var next = 0
    @usableFromInline var newest: SIMD2<Double>
    @usableFromInline var changes = SIMD2<Double>.zero
    @usableFromInline var sums = AnchoredSums()

    /// An empty window of `capacity` slots (at least 2).
    public init(capacity: Int) {
        self.capacity = max(2, capacity)
        slots = Array(repeating: Self.gap, count: max(2, capacity))
        newest = Self.gap
    }

    /// Moments of the values in the valid slots.
    @inlinable @inline(__always)
    public var levels: PairMoments { sums.levels }

    /// Moments of the first differences between adjacent valid slots.
    @inlinable @inline(__always)
    public var returns: PairMoments { sums.returns.changes(betweenLevels: sums.levelAnchor) }

    /// One-bar changes in the window at which x moved (both bars valid and adjacent).
    public var changesX: Int { Int(changes.x) }

    /// One-bar changes in the window at which y moved (both bars valid and adjacent).
    public var changesY: Int { Int(changes.y) }

    /// Slots that hold a value.
    public var validCount: Int { sums.levelCount }

    /// Whether `capacity` slots have been seen.
    public var isFull: Bool { slotCount == capacity }

    /// The values of the newest slot, nil when it is a gap or nothing was appended.
    public var latest: (x: Double, y: Double)? {
        Self.isValid(newest) ? (newest.x, newest.y) : nil
    }

    /// Whether a leg hardly moves: its variance is rounding noise (`PairMoments.hasFlatLeg`), or it changed in fewer than
    /// one in ten of the steps between adjacent valid slots. Takes constant time.
    public var hasStillLeg: Bool {
        levels.hasFlatLeg || changes.min() < 0.1 * Double(sums.returnCount)
    }

    /// Whether a leg hardly moves (``hasStillLeg``), or to and fro between a few values only (``distinctValuesNeeded``).
    public var hasFlatLeg: Bool {
        hasStillLeg || newestSlots(holding: distinctValuesNeeded) == nil
    }

    /// How many different values a leg must have in the window: one to ten slots, ten at most. Fewer are the steps of its
    /// quotes rather than a price.
    public var distinctValuesNeeded: Int { min(10, (capacity + 9) / 10) }

    /// How many of the newest slots hold so many different values of each leg, at most 16; nil where the whole window does
    /// not.
    public func newestSlots(holding count: Int) -> Int? {
        // Vectors, as arrays would be allocated for each look.
        var values = (x: SIMD16<Double>(repeating: .nan), y: SIMD16<Double>(repeating: .nan))
        var found = (x: 0, y: 0)
        let count = min(count, 16)
        for back in 0..<slotCount {
            if found.x == count, found.y == count { return back }
            let slot = slot(at: slotCount - 1 - back)
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

    /// Appends the values of one slot; a value that is not finite makes it a gap, of which the other value is remembered.
    @inlinable @inline(__always)
    public mutating func append(x: Double, y: Double) {
        push(SIMD2(x, y))
    }

    /// Makes the place of a slot in the ring follow from its number on the grid, so that windows that began at different
    /// times rebuild their sums at the same slots. Only an empty window moves.
    /// - Parameter nextSlot: the number of the slot that is appended next.
    public mutating func align(nextSlot: Int64) {
        if slotCount == 0 { next = place(of: nextSlot) }
    }

    /// Appends slots without values.
    /// - Parameters:
    ///   - slots: how many.
    ///   - last: the number of the last of them, where the window is aligned.
    public mutating func skip(_ slots: Int64, through last: Int64) {
        if slots < Int64(capacity) {
            for _ in 0..<max(0, slots) { appendGap() }
        } else {
            self = RollingPairWindow(capacity: capacity)
            slotCount = capacity
            next = place(of: last + 1)
        }
    }

    private func place(of slot: Int64) -> Int {
        let remainder = Int(slot % Int64(capacity))
        return remainder < 0 ? remainder + capacity : remainder
    }

    /// Appends a slot without values. Differences are not taken across it.
    public mutating func appendGap() {
        append(x: .nan, y: .nan)
    }

    /// Replaces values of the slot that lies so many slots before the newest; NaN makes a gap of it, nil leaves a value as
    /// it is. A slot before the first one seen becomes part of the window, one that has left it is ignored. Takes
    /// O(capacity) time.
    /// - Returns: whether the slot has both values now.
    @discardableResult
    public mutating func revise(slotsBack: Int, x: Double?, y: Double?) -> Bool {
        guard slotsBack >= 0, slotsBack < capacity, slotCount > 0 else { return false }
        slotCount = max(slotCount, slotsBack + 1)
        let index = (next - 1 - slotsBack + 2 * capacity) % capacity
        if let x { slots[index].x = x.isFinite ? x : .nan }
        if let y { slots[index].y = y.isFinite ? y : .nan }
        let isWhole = Self.isValid(slots[index])
        if slotsBack == 0 { newest = isWhole ? slots[index] : Self.gap }
        rebuild()
        // The anchor was the mean before: where the value has moved it far, digits are missing.
        if sums.isWorn { rebuild() }
        var changes = SIMD2<Double>.zero
        forEachStep { changes += Self.moved($0) }
        self.changes = changes
        return isWhole
    }

    /// The valid values, oldest first.
    public func values() -> (x: [Double], y: [Double]) {
        var x: [Double] = []
        var y: [Double] = []
        x.reserveCapacity(validCount)
        y.reserveCapacity(validCount)
        forEachSlot { slot in
            guard Self.isValid(slot) else { return }
            x.append(slot.x)
            y.append(slot.y)
        }
        return (x, y)
    }

    /// The longest stretch of adjacent valid slots, oldest first; the latest of several.
    public func longestContiguousRun() -> (x: [Double], y: [Double]) {
        if validCount == slotCount { return values() }
        var best = 0..<0
        var start = 0
        for position in 0..<slotCount {
            if !Self.isValid(slot(at: position)) {
                start = position + 1
            } else if position + 1 - start >= best.count {
                best = start..<(position + 1)
            }
        }
        return (best.map { slot(at: $0).x }, best.map { slot(at: $0).y })
    }

    /// Calls `body` with every slot, oldest first.
    func forEachSlot(_ body: (SIMD2<Double>) -> Void) {
        let beforeWrap = slotCount - next
        if beforeWrap > 0 {
            for index in (capacity - beforeWrap)..<capacity { body(slots[index]) }
        }
        for index in max(0, -beforeWrap)..<next { body(slots[index]) }
    }

    /// Calls `body` with every difference between adjacent valid slots, oldest first.
    private func forEachStep(_ body: (SIMD2<Double>) -> Void) {
        var previous = Self.gap
        forEachSlot { slot in
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

    private static let gap = SIMD2<Double>(repeating: .nan)

    /// The slot so many places after the oldest.
    func slot(at position: Int) -> SIMD2<Double> {
        slots[index(at: position)]
    }

    private func index(at position: Int) -> Int {
        let index = next - slotCount + position
        return index < 0 ? index + capacity : index
    }

    /// - Parameter known: the slot that leaves, where it has been looked up.
    @inlinable @inline(__always)
    mutating func push(_ slot: SIMD2<Double>, replacing known: SIMD2<Double>? = nil) {
        let (oldest, successor) = replaceOldest(by: slot)
        count(slot, replacing: known ?? oldest, before: successor)
    }

    /// Puts a slot into the ring, which the moments do not know yet.
    /// - Returns: the slot that it replaces and the one after this.
    @inlinable @inline(__always)
    mutating func replaceOldest(by slot: SIMD2<Double>) -> (oldest: SIMD2<Double>, successor: SIMD2<Double>) {
        let index = next
        let following = index &+ 1 == capacity ? 0 : index &+ 1
        next = following
        // Both are below `capacity`, the length of the ring: asked for neither bounds nor, more than once, a sole owner.
        return slots.withUnsafeMutableBufferPointer { ring in
            let oldest = ring[index]
            ring[index] = slot
            return (oldest, ring[following])
        }
    }

    /// Takes a slot that has been put into the ring into the moments.
    @inlinable @inline(__always)
    mutating func count(_ slot: SIMD2<Double>, replacing oldest: SIMD2<Double>, before successor: SIMD2<Double>) {
        let entering = slot - newest
        let leaving = successor - oldest
        // Not finite where one of the four slots is a gap or not yet filled, 0 where a leg has not moved.
        let check = entering * leaving
        let product = check.x * check.y
        let isWhole = product.isFinite
        if isWhole {
            newest = slot
            sums.replace(oldest, leaving, with: slot, entering)
            if product == 0 { changes += Self.moved(entering) - Self.moved(leaving) }
        }
        // One call for all that is rare leaves the sums in registers for the last of the questions.
        if !isWhole || next <= 1 || sums.mayBeWorn {
            settle(isWhole ? nil : slot, replacing: oldest, before: successor)
        }
    }

    /// Counts a slot beside a gap, puts sums in place that have seen no removal once they cover the window, and
    /// sums up the window again where digits were lost.
    @usableFromInline @inline(never)
    mutating func settle(
        _ slot: SIMD2<Double>?,
        replacing oldest: SIMD2<Double>,
        before successor: SIMD2<Double>
    ) {
        if let slot {
            if isFull { evict(oldest, successor: successor) } else { slotCount += 1 }
            insert(slot)
        }
        // The step to the first slot of the ring is not in the window that ends with the last one.
        if next == 0 { renew() } else if next == 1 { sums.keepReturns() }
        if sums.isWorn { rebuild() }
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
        let index = next == 0 ? capacity - 1 : next - 1
        slots[index] = SIMD2(slot.x.isFinite ? slot.x : .nan, slot.y.isFinite ? slot.y : .nan)
        guard Self.isValid(slot) else { return }
        let change = Self.isValid(previous) ? slot - previous : nil
        sums.add(level: slot, change: change)
        if let change { changes += Self.moved(change) }
    }

    /// Sums up the ring from its first place to its last, about means that follow from these slots alone.
    private mutating func renew() {
        if sums.levelCount == capacity {
            sums = slots.withUnsafeBufferPointer { AnchoredSums(whole: $0, anchor: newest) }
        } else {
            rebuild(from: AnchoredSums(anchor: Self.isValid(newest) ? newest : .zero))
        }
        sums.center()
    }

    /// Sums up the window again about its present means, and what has come since the first slot of the ring apart.
    private mutating func rebuild() {
        rebuild(from: sums.emptied)
    }

    private mutating func rebuild(from empty: AnchoredSums) {
        var rebuilt = empty
        var previous = Self.gap
        for position in 0..<slotCount {
            let index = index(at: position)
            let slot = slots[index]
            if index == 0 { rebuilt.keep() }
            if Self.isValid(slot) {
                rebuilt.append(level: slot, change: Self.isValid(previous) ? slot - previous : nil)
            }
            if index == 0 { rebuilt.keepReturns() }
            previous = slot
        }
        if next == 0 { rebuilt.keep() }
        rebuilt.share()
        sums = rebuilt
    }
}
