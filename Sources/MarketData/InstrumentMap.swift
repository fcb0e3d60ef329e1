/// Values by instrument. Numbers of instruments are dense, so a value is found by an array and not by a hash, because
/// it is read for every trade.
public struct InstrumentMap<Value: Sendable>: Sendable {
    /// The instruments that have a value, in the order of ``elements``.
    public private(set) var instruments: [InstrumentID] = []
    /// The values. To change one in place: `map.elements[position]`, see ``position(of:)``.
    public var elements: [Value] = []
    /// By the number of the instrument, the position of its value; -1 where there is none.
    @usableFromInline var positions: [Int] = []

    /// A map without values.
    public init() {}

    /// The same value for each instrument.
    public init(_ instruments: some Sequence<InstrumentID>, value: Value) {
        for instrument in instruments { self[instrument] = value }
    }

    /// Where the value of an instrument is among ``elements``, nil where it has none.
    @inlinable
    public func position(of instrument: InstrumentID) -> Int? {
        let number = Int(instrument.index)
        guard number >= 0, number < positions.count, positions[number] >= 0 else { return nil }
        return positions[number]
    }

    /// The value of an instrument, nil where it has none. Setting nil removes it.
    public subscript(instrument: InstrumentID) -> Value? {
        @inlinable get { position(of: instrument).map { elements[$0] } }
        set {
            switch (position(of: instrument), newValue) {
            case (let position?, let value?): elements[position] = value
            case (let position?, nil): remove(at: position)
            case (nil, let value?): add(value, for: instrument)
            case (nil, nil): break
            }
        }
    }

    private mutating func add(_ value: Value, for instrument: InstrumentID) {
        let number = Int(instrument.index)
        guard number >= 0 else { return }
        if number >= positions.count {
            positions.append(contentsOf: repeatElement(-1, count: number + 1 - positions.count))
        }
        positions[number] = elements.count
        instruments.append(instrument)
        elements.append(value)
    }

    private mutating func remove(at position: Int) {
        positions[Int(instruments[position].index)] = -1
        instruments.remove(at: position)
        elements.remove(at: position)
        for later in position..<instruments.count { positions[Int(instruments[later].index)] = later }
    }
}
