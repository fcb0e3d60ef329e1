/// The newest values of one series on a grid of slots; all windows over the series read them.
///
/// The value of a slot is at the slot's number modulo the length, a power of two, so that windows of every length and
/// with every beginning find it without a position of their own.
public struct PriceColumn: Sendable {
    /// How many of the newest slots have a place.
    public var length: Int { values.count }
    /// The slot after the newest; nil before the first.
    public private(set) var nextSlot: Int64?
    /// The slot of the first value.
    public private(set) var firstSlot: Int64?
    @usableFromInline private(set) var values: [Double]

    /// An empty column.
    /// - Parameter minimumLength: how many of the newest slots are kept at least.
    public init(minimumLength: Int) {
        values = Array(repeating: .nan, count: SlotRing.length(holding: minimumLength))
    }

    /// Adds the value of a slot after the newest, NaN for none; slots in between have none. The value of a slot before
    /// the newest is set.
    public mutating func append(_ value: Double, at slot: Int64) {
        guard let nextSlot else {
            (firstSlot, self.nextSlot) = (slot, slot &+ 1)
            values[place(of: slot)] = value
            return
        }
        guard slot >= nextSlot else { return set(value, at: slot) }
        if slot > nextSlot {
            let (skipped, isFar) = slot.subtractingReportingOverflow(nextSlot)
            for back in 1...(isFar ? Int64(length) : min(skipped, Int64(length))) {
                values[place(of: slot &- back)] = .nan
            }
        }
        values[place(of: slot)] = value
        self.nextSlot = slot &+ 1
    }

    /// Sets the value of a slot; one that is too old to have a place is ignored.
    public mutating func set(_ value: Double, at slot: Int64) {
        if contains(slot) { values[place(of: slot)] = value }
    }

    /// The value of a slot, NaN where there is none.
    public subscript(slot: Int64) -> Double {
        contains(slot) ? values[place(of: slot)] : .nan
    }

    /// Whether a slot has a place: it is one of the newest.
    public func contains(_ slot: Int64) -> Bool {
        guard let nextSlot, slot < nextSlot else { return false }
        let (back, isFar) = nextSlot.subtractingReportingOverflow(slot)
        return !isFar && back <= Int64(length)
    }

    /// Keeps more of the newest slots from here on.
    public mutating func grow(toHold count: Int) {
        guard count > length else { return }
        var grown = PriceColumn(minimumLength: count)
        grown.nextSlot = nextSlot
        grown.firstSlot = firstSlot
        if let nextSlot {
            for back in 1...Int64(length) {
                let slot = nextSlot &- back
                grown.values[grown.place(of: slot)] = values[place(of: slot)]
            }
        }
        self = grown
    }

    private func place(of slot: Int64) -> Int {
        SlotRing.place(of: slot, length: length)
    }
}

/// Where the slots of a grid are in a ring whose length is a power of two.
public enum SlotRing {
    /// The length of the shortest ring that holds this number of slots.
    public static func length(holding count: Int) -> Int {
        var length = 16
        while length < count { length *= 2 }
        return length
    }

    /// The place of a slot.
    @inlinable @inline(__always)
    public static func place(of slot: Int64, length: Int) -> Int {
        Int(truncatingIfNeeded: slot) & (length &- 1)
    }
}
