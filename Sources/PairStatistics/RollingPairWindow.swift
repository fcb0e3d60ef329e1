/// The last `capacity` slots of a pair's grid, each a pair of values or a gap, with the moments of the levels and of
/// their first differences kept up to date: ``RollingMoments`` with slots of its own.
///
/// An update costs O(1) and allocates nothing; reading moments is O(1).
///
/// ```swift
/// var window = RollingPairWindow(capacity: 240)
/// window.append(x: btc, y: eth)
/// let fit = try LinearFit(window.levels)
/// ```
public struct RollingPairWindow: Sendable {
    @usableFromInline var moments: RollingMoments
    /// The values of x by slot, then those of y; NaN where there is none.
    @usableFromInline var legs: [Double]
    /// The length of each of the two rings.
    @usableFromInline let length: Int

    /// An empty window of `capacity` slots (at least 2).
    public init(capacity: Int) {
        moments = RollingMoments(capacity: capacity)
        length = SlotRing.length(holding: moments.capacity + 1)
        legs = Array(repeating: .nan, count: 2 * length)
    }

    /// Number of slots when full.
    public var capacity: Int { moments.capacity }

    /// Slots seen so far, gaps included, at most `capacity`.
    public var slotCount: Int { moments.slotCount }

    /// Moments of the values in the valid slots.
    @inlinable @inline(__always)
    public var levels: PairMoments { moments.levels }

    /// Moments of the first differences between adjacent valid slots.
    @inlinable @inline(__always)
    public var returns: PairMoments { moments.returns }

    /// One-bar changes in the window at which x moved (both bars valid and adjacent).
    public var changesX: Int { moments.changesX }

    /// One-bar changes in the window at which y moved (both bars valid and adjacent).
    public var changesY: Int { moments.changesY }

    /// Slots that hold a value.
    public var validCount: Int { moments.validCount }

    /// Whether `capacity` slots have been seen.
    public var isFull: Bool { moments.isFull }

    /// The values of the newest slot, nil when it is a gap or nothing was appended.
    public var latest: (x: Double, y: Double)? { moments.latest }

    /// Whether a leg hardly moves; see ``RollingMoments/hasStillLeg``.
    public var hasStillLeg: Bool { moments.hasStillLeg }

    /// Whether a leg hardly moves (``hasStillLeg``), or to and fro between a few values only
    /// (``RollingMoments/distinctValuesNeeded``).
    public var hasFlatLeg: Bool {
        moments.hasStillLeg || newestSlots(holding: moments.distinctValuesNeeded) == nil
    }

    /// How many of the newest slots hold this number of different values of each leg, at most 16; nil where the whole window does
    /// not.
    public func newestSlots(holding count: Int) -> Int? {
        withSlots { moments.newestSlots(holding: count, of: $0) }
    }

    /// Appends the values of one slot; a value that is not finite makes it a gap, of which the other value is remembered.
    @inlinable @inline(__always)
    public mutating func append(x: Double, y: Double) {
        push(SIMD2(x, y))
    }

    /// Makes the slots at which sums are rebuilt follow from their numbers on the grid, so that windows that began at
    /// different times rebuild them at the same ones. Only an empty window moves.
    /// - Parameter nextSlot: the number of the slot that is appended next.
    public mutating func align(nextSlot: Int64) {
        moments.align(nextSlot: nextSlot)
    }

    /// Appends slots without values.
    /// - Parameters:
    ///   - slots: how many.
    ///   - last: the number of the last of them, where the window is aligned.
    public mutating func skip(_ slots: Int64, through last: Int64) {
        if slots < Int64(capacity) {
            for _ in 0..<max(0, slots) { appendGap() }
        } else {
            moments.clear(through: last)
            legs = Array(repeating: .nan, count: legs.count)
        }
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
        let place = SlotRing.place(of: moments.nextSlot &- 1 &- Int64(slotsBack), length: length)
        if let x { legs[place] = x }
        if let y { legs[length + place] = y }
        legs.withUnsafeBufferPointer { moments.revise(slotsBack: slotsBack, of: Self.slots($0)) }
        return legs[place].isFinite && legs[length + place].isFinite
    }

    /// The valid values, oldest first.
    public func values() -> (x: [Double], y: [Double]) {
        withSlots { moments.values(of: $0) }
    }

    /// The longest stretch of adjacent valid slots, oldest first; the latest of several.
    public func longestContiguousRun() -> (x: [Double], y: [Double]) {
        withSlots { moments.longestContiguousRun(of: $0) }
    }

    /// Moments of the last `count` one-bar changes; see ``RollingMoments/returns(last:before:of:)``.
    public func returns(last count: Int, before skipped: Int = 0) -> PairMoments {
        withSlots { moments.returns(last: count, before: skipped, of: $0) }
    }

    /// Width of the last `count` changes of y - slope·x; see ``RollingMoments/robustChange(ofResidualWithSlope:last:atLeast:of:)``.
    public func robustChange(ofResidualWithSlope slope: Double, last count: Int, atLeast least: Int) -> Double? {
        withSlots { moments.robustChange(ofResidualWithSlope: slope, last: count, atLeast: least, of: $0) }
    }

    /// How much better the last changes fit legs that have come apart; see ``RollingMoments/decoupling(last:atLeast:of:)``.
    public func decoupling(last count: Int, atLeast least: Int) -> Double? {
        withSlots { moments.decoupling(last: count, atLeast: least, of: $0) }
    }

    /// Lends the slots.
    public func withSlots<Output, Failure: Error>(
        _ body: (PairSlots) throws(Failure) -> Output
    ) throws(Failure) -> Output {
        try legs.withUnsafeBufferPointer { (values) throws(Failure) in try body(Self.slots(values)) }
    }

    private static func slots(_ values: UnsafeBufferPointer<Double>) -> PairSlots {
        let length = values.count / 2
        return PairSlots(
            x: UnsafeBufferPointer(rebasing: values[..<length]),
            y: UnsafeBufferPointer(rebasing: values[length...])
        )
    }

    /// - Parameter known: the slot that leaves and the one after this, where they have been looked up.
    @inlinable @inline(__always)
    mutating func push(_ slot: SIMD2<Double>, replacing known: (SIMD2<Double>, SIMD2<Double>)? = nil) {
        let (oldest, successor) = put(slot, replacing: known)
        if moments.count(slot, replacing: oldest, before: successor) {
            if moments.isAtEdge || moments.sums.mayBeWorn { settle(nil, replacing: oldest, before: successor) }
        } else {
            settle(slot, replacing: oldest, before: successor)
        }
    }

    /// Puts a slot into the rings.
    /// - Returns: the slot that leaves the window and the one after this.
    @inlinable @inline(__always)
    mutating func put(
        _ new: SIMD2<Double>,
        replacing known: (SIMD2<Double>, SIMD2<Double>)?
    ) -> (oldest: SIMD2<Double>, successor: SIMD2<Double>) {
        let (length, slot) = (length, moments.nextSlot)
        let place = SlotRing.place(of: slot, length: length)
        let oldest = SlotRing.place(of: slot &- Int64(moments.capacity), length: length)
        let successor = SlotRing.place(of: slot &- Int64(moments.capacity) &+ 1, length: length)
        // All places are below `length`: asked for neither bounds nor, more than once, a sole owner.
        return legs.withUnsafeMutableBufferPointer { values in
            values[place] = new.x
            values[length &+ place] = new.y
            return known ?? (
                SIMD2(values[oldest], values[length &+ oldest]),
                SIMD2(values[successor], values[length &+ successor])
            )
        }
    }

    /// The slot that leaves with the next one, and the slot after this.
    var leaving: (oldest: SIMD2<Double>, successor: SIMD2<Double>) {
        let oldest = moments.nextSlot &- Int64(moments.capacity)
        return withSlots { ($0[oldest], $0[oldest &+ 1]) }
    }

    @usableFromInline @inline(never)
    mutating func settle(
        _ slot: SIMD2<Double>?,
        replacing oldest: SIMD2<Double>,
        before successor: SIMD2<Double>
    ) {
        legs.withUnsafeBufferPointer {
            moments.settle(slot, replacing: oldest, before: successor, of: Self.slots($0))
        }
    }
}
