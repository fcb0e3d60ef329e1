/// The last `capacity` slots of a pair's grid, each a pair of values or a gap, with the moments of the levels and of
/// their first differences kept up to date.
///
/// An update costs O(1) amortised and allocates nothing; reading moments is O(1). The sums behind them are relative to
/// an anchor and rebuilt from the ring every `capacity` updates, and at once when an outlier that left the window would
/// otherwise leave its rounding behind. (Adding and removing in Welford's form keeps the ghost of every past outlier.)
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
    /// One-bar changes in the window at which x moved (both bars valid and adjacent).
    public private(set) var changesX = 0
    /// One-bar changes in the window at which y moved (both bars valid and adjacent).
    public private(set) var changesY = 0

    /// A gap is a slot of NaN.
    private var slots: [SIMD2<Double>]
    /// Where the next slot goes; the oldest one when full.
    private var next = 0
    private var updatesSinceRebuild = 0
    @usableFromInline var levelSums = AnchoredSums(anchor: .zero)
    @usableFromInline var returnSums = AnchoredSums(anchor: .zero)

    /// An empty window of `capacity` slots (at least 2).
    public init(capacity: Int) {
        self.capacity = max(2, capacity)
        slots = Array(repeating: Self.gap, count: max(2, capacity))
    }

    /// Moments of the values in the valid slots.
    @inlinable
    public var levels: PairMoments { levelSums.moments }

    /// Moments of the first differences between adjacent valid slots.
    @inlinable
    public var returns: PairMoments { returnSums.moments }

    /// Slots that hold a value.
    public var validCount: Int { Int(levelSums.count) }

    /// Whether `capacity` slots have been seen.
    public var isFull: Bool { slotCount == capacity }

    /// The values of the newest slot, nil when it is a gap or nothing was appended.
    public var latest: (x: Double, y: Double)? {
        let slot = slots[next == 0 ? capacity - 1 : next - 1]
        return Self.isValid(slot) ? (slot.x, slot.y) : nil
    }

    /// Whether a leg hardly moves: its variance is rounding noise (`PairMoments.hasFlatLeg`), or it changed in fewer than
    /// one in ten of the steps between adjacent valid slots.
    public var hasFlatLeg: Bool {
        levels.hasFlatLeg || Double(min(changesX, changesY)) < 0.1 * returnSums.count
    }

    /// Appends the values of one slot; a value that is not finite makes it a gap.
    public mutating func append(x: Double, y: Double) {
        push(SIMD2(x, y))
    }

    /// Appends a slot without values. Differences are not taken across it.
    public mutating func appendGap() {
        push(Self.gap)
    }

    /// Makes a gap of the slot that lies so many slots before the newest; one that has left the window is ignored. Takes
    /// O(capacity) time.
    public mutating func invalidate(slotsBack: Int) {
        guard slotsBack >= 0, slotsBack < slotCount else { return }
        let index = next - 1 - slotsBack
        slots[index < 0 ? index + capacity : index] = Self.gap
        rebuild()
        (changesX, changesY) = (0, 0)
        var previous = Self.gap
        forEachSlot { slot in
            if Self.isValid(slot), Self.isValid(previous) { countChanges(slot - previous, by: 1) }
            previous = slot
        }
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
        if isFull {
            for index in next..<capacity { body(slots[index]) }
        }
        for index in 0..<next { body(slots[index]) }
    }

    @inline(__always)
    static func isValid(_ slot: SIMD2<Double>) -> Bool {
        (slot.x - slot.x + (slot.y - slot.y)) == 0
    }

    @inline(__always)
    private static func isValid(
        _ a: SIMD2<Double>,
        _ b: SIMD2<Double>,
        _ c: SIMD2<Double>,
        _ d: SIMD2<Double>
    ) -> Bool {
        let differences = (a - a) + (b - b) + (c - c) + (d - d)
        return differences.x + differences.y == 0
    }

    private static let gap = SIMD2<Double>(repeating: .nan)

    /// The slot so many places after the oldest.
    func slot(at position: Int) -> SIMD2<Double> {
        let index = (isFull ? next : 0) + position
        return slots[index < capacity ? index : index - capacity]
    }

    private mutating func push(_ slot: SIMD2<Double>) {
        let following = next + 1 == capacity ? 0 : next + 1
        let newest = slots[next == 0 ? capacity - 1 : next - 1]
        let oldest = slots[next]
        let successor = slots[following]
        if isFull, Self.isValid(slot, newest, oldest, successor) {
            // The common case: a bar in, a bar out, no gap near either.
            slots[next] = slot
            let entering = slot - newest
            let leaving = successor - oldest
            levelSums.replace(oldest, with: slot)
            returnSums.replace(leaving, with: entering)
            countChanges(leaving, by: -1)
            countChanges(entering, by: 1)
        } else {
            if isFull { evict(oldest, successor: successor) } else { slotCount += 1 }
            insert(slot, after: newest)
        }
        next = following
        updatesSinceRebuild += 1
        if updatesSinceRebuild >= capacity || levelSums.isWorn || returnSums.isWorn {
            rebuild()
        }
    }

    private mutating func evict(_ oldest: SIMD2<Double>, successor: SIMD2<Double>) {
        guard Self.isValid(oldest) else { return }
        levelSums.remove(oldest)
        guard Self.isValid(successor) else { return }
        returnSums.remove(successor - oldest)
        countChanges(successor - oldest, by: -1)
    }

    private mutating func insert(_ slot: SIMD2<Double>, after newest: SIMD2<Double>) {
        guard Self.isValid(slot) else {
            slots[next] = Self.gap
            return
        }
        slots[next] = slot
        levelSums.add(slot)
        guard Self.isValid(newest) else { return }
        returnSums.add(slot - newest)
        countChanges(slot - newest, by: 1)
    }

    @inline(__always)
    private mutating func countChanges(_ step: SIMD2<Double>, by amount: Int) {
        if step.x != 0 { changesX += amount }
        if step.y != 0 { changesY += amount }
    }

    private mutating func rebuild() {
        updatesSinceRebuild = 0
        var levels = levelSums.emptied
        var returns = returnSums.emptied
        var previous = Self.gap
        forEachSlot { slot in
            if Self.isValid(slot) {
                levels.accumulate(slot)
                if Self.isValid(previous) { returns.accumulate(slot - previous) }
            }
            previous = slot
        }
        levels.noteLargest()
        returns.noteLargest()
        levelSums = levels
        returnSums = returns
    }
}
