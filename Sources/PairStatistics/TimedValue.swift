/// A value at a time: a tick's logarithmic price and when it traded.
public struct TimedValue: Sendable, Equatable {
    /// Time in any unit, the same for all ticks compared.
    public var time: Int64
    /// The value, usually the logarithm of a price.
    public var value: Double

    /// A value at a time.
    public init(time: Int64, value: Double) {
        self.time = time
        self.value = value
    }
}
