/// Values by instrument. It is an array by the number of the instrument, because it is read for every trade; numbers are
/// dense, so little of it is empty.
public struct InstrumentMap<Value: Sendable>: Sendable {
    @usableFromInline var values: [Value?] = []

    /// A map without values.
    public init() {}

    /// The same value for each instrument.
    public init(_ instruments: some Sequence<InstrumentID>, value: Value) {
        for instrument in instruments { self[instrument] = value }
    }

    /// The value of an instrument, nil where it has none. To set nil removes it.
    @inlinable
    public subscript(instrument: InstrumentID) -> Value? {
        get {
            let number = Int(instrument.index)
            return values.indices.contains(number) ? values[number] : nil
        }
        _modify {
            let number = Int(instrument.index)
            guard number >= 0 else {
                var none: Value?
                yield &none
                return
            }
            if number >= values.count {
                values.append(contentsOf: repeatElement(nil, count: number + 1 - values.count))
            }
            yield &values[number]
        }
    }

    /// The instruments that have a value, by ascending number.
    public var instruments: [InstrumentID] {
        values.indices.filter { values[$0] != nil }.map { InstrumentID($0) }
    }
}
