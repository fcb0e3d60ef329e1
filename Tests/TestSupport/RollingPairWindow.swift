package import PairStatistics

/// One window of a pair with its slots: two columns, the absences and the moments, combined as in the engine.
@dynamicMemberLookup
package struct RollingPairWindow: Sendable {
    package private(set) var moments: RollingMoments
    private var x: PriceColumn
    private var y: PriceColumn
    private var absences: SlotAbsences
    private var nextSlot: Int64 = 0

    package init(capacity: Int) {
        moments = RollingMoments(capacity: capacity)
        x = PriceColumn(minimumLength: moments.capacity + 1)
        y = x
        absences = SlotAbsences(minimumLength: moments.capacity + 1)
    }

    package subscript<Value>(dynamicMember member: KeyPath<RollingMoments, Value>) -> Value {
        moments[keyPath: member]
    }

    /// The moments' property, which ``returns(last:)`` hides from the lookup.
    package var returns: PairMoments { moments.returns }

    /// A leg hardly moves, or has too few different values.
    package var hasFlatLeg: Bool {
        moments.hasStillLeg || newestSlots(holding: moments.distinctValuesNeeded) == nil
    }

    /// Appends a slot; a value that is not finite makes it a gap.
    package mutating func append(x newX: Double, y newY: Double) {
        x.append(newX, at: nextSlot)
        y.append(newY, at: nextSlot)
        absences.append([], at: nextSlot)
        absences.withSlots(x: x, y: y) { moments.append(SIMD2(newX, newY), of: $0) }
        nextSlot += 1
    }

    /// Appends a slot that both legs are absent from.
    package mutating func appendGap() {
        x.append(.nan, at: nextSlot)
        y.append(.nan, at: nextSlot)
        absences.append(.both, at: nextSlot)
        absences.withSlots(x: x, y: y) { moments.append(SIMD2(repeating: .nan), of: $0) }
        nextSlot += 1
    }

    /// Replaces the values of a slot of the window; NaN makes it a gap.
    package mutating func revise(slotsBack: Int, x newX: Double, y newY: Double) {
        let slot = nextSlot - 1 - Int64(slotsBack)
        x.set(newX, at: slot)
        y.set(newY, at: slot)
        absences.remove(.both, at: slot)
        absences.withSlots(x: x, y: y) { moments.revise(slotsBack: slotsBack, of: $0) }
    }

    package func newestSlots(holding count: Int) -> Int? {
        withSlots { moments.newestSlots(holding: count, of: $0) }
    }

    package func values() -> (x: [Double], y: [Double]) {
        withSlots { moments.values(of: $0) }
    }

    package func longestContiguousRun() -> (x: [Double], y: [Double]) {
        withSlots { moments.longestContiguousRun(of: $0) }
    }

    package func returns(last count: Int) -> PairMoments {
        withSlots { moments.returns(last: count, of: $0) }
    }

    package func robustChange(ofResidualWithSlope slope: Double, last count: Int, atLeast least: Int) -> Double? {
        withSlots { moments.robustChange(ofResidualWithSlope: slope, last: count, atLeast: least, of: $0) }
    }

    package func decoupling(last count: Int, atLeast least: Int) -> Double? {
        withSlots { moments.decoupling(last: count, atLeast: least, of: $0) }
    }

    package func autoregression(of fit: LinearFit) throws -> Autoregression {
        try withSlots { slots in Result { try Autoregression(of: fit, over: moments, of: slots) } }.get()
    }

    package func withSlots<Output>(_ body: (PairSlots) -> Output) -> Output {
        absences.withSlots(x: x, y: y, body)
    }
}
