/// The values of both legs by slot, valid for the time of a call.
///
/// The rings belong to ``PriceColumn``. A place follows from the slot's number and the length of its ring, a power of
/// two, so none lies outside.
public struct PairSlots {
    @usableFromInline let x: UnsafeBufferPointer<Double>
    @usableFromInline let y: UnsafeBufferPointer<Double>
    /// Which legs are absent from slots; empty where none is.
    @usableFromInline let absences: UnsafeBufferPointer<AbsentLegs>

    @inlinable @inline(__always)
    init(
        x: UnsafeBufferPointer<Double>,
        y: UnsafeBufferPointer<Double>,
        absences: UnsafeBufferPointer<AbsentLegs> = UnsafeBufferPointer(start: nil, count: 0)
    ) {
        self.x = x
        self.y = y
        self.absences = absences
    }

    /// The values of one of the newest slots, each NaN where there is none.
    @inlinable @inline(__always)
    public subscript(slot: Int64) -> SIMD2<Double> {
        let values = SIMD2(
            x[SlotRing.place(of: slot, length: x.count)],
            y[SlotRing.place(of: slot, length: y.count)]
        )
        return absences.isEmpty ? values : present(values, slot)
    }

    /// Calls `body` with slots that follow one another.
    @inline(__always)
    func forEach(in numbers: Range<Int64>, _ body: (SIMD2<Double>) -> Void) {
        guard absences.isEmpty, x.count == y.count else {
            for number in numbers { body(self[number]) }
            return
        }
        // From the first place to the end of the rings, then from their start.
        var place = SlotRing.place(of: numbers.lowerBound, length: x.count)
        var count = numbers.count
        while count > 0 {
            let end = min(place + count, x.count)
            count -= end - place
            for place in place..<end { body(SIMD2(x[place], y[place])) }
            place = 0
        }
    }

    @usableFromInline
    func present(_ values: SIMD2<Double>, _ slot: Int64) -> SIMD2<Double> {
        let absent = absences[SlotRing.place(of: slot, length: absences.count)]
        return SIMD2(absent.contains(.x) ? .nan : values.x, absent.contains(.y) ? .nan : values.y)
    }
}

/// The legs of a pair that a slot has no value of, whatever their columns hold.
public struct AbsentLegs: OptionSet, Sendable {
    /// The explaining leg.
    public static let x = AbsentLegs(rawValue: 1)
    /// The explained leg.
    public static let y = AbsentLegs(rawValue: 2)
    /// Both.
    public static let both: AbsentLegs = [.x, .y]

    /// One bit for each leg.
    public let rawValue: UInt8

    /// Legs from their bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }
}

/// From which of the newest slots of a pair a leg is absent: those before its first one, those without a bar, and those
/// for which a leg was too late.
///
/// Columns are shared with other pairs, for which the same bar may have been in time. Needs no memory while no leg is
/// absent.
public struct SlotAbsences: Sendable {
    private let length: Int
    /// Empty while no leg is absent.
    @usableFromInline private(set) var legs: [AbsentLegs]
    /// Slots that a leg is absent from.
    private var count: Int

    /// A pair without slots.
    /// - Parameter minimumLength: how many of the newest slots count at least.
    public init(minimumLength: Int) {
        length = SlotRing.length(holding: minimumLength)
        legs = Array(repeating: .both, count: length)
        count = length
    }

    /// Adds the next slot.
    public mutating func append(_ absent: AbsentLegs, at slot: Int64) {
        if absent.isEmpty, legs.isEmpty { return }
        replace(at: slot, with: absent)
    }

    /// Records that a leg of one of the newest slots is not absent, because its column has the late value or the gap.
    public mutating func remove(_ present: AbsentLegs, at slot: Int64) {
        guard !legs.isEmpty else { return }
        replace(at: slot, with: legs[SlotRing.place(of: slot, length: length)].subtracting(present))
    }

    private mutating func replace(at slot: Int64, with absent: AbsentLegs) {
        if legs.isEmpty { legs = Array(repeating: [], count: length) }
        let place = SlotRing.place(of: slot, length: length)
        count += (absent.isEmpty ? 0 : 1) - (legs[place].isEmpty ? 0 : 1)
        legs[place] = absent
        if count == 0 { legs = [] }
    }

    /// Calls `body` with the slots of a pair.
    @inlinable @inline(__always)
    public func withSlots<Output>(
        x: PriceColumn,
        y: PriceColumn,
        _ body: (PairSlots) -> Output
    ) -> Output {
        x.values.withUnsafeBufferPointer { x in
            y.values.withUnsafeBufferPointer { y in
                legs.withUnsafeBufferPointer { legs in
                    body(PairSlots(x: x, y: y, absences: legs))
                }
            }
        }
    }
}
