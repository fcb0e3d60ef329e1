/// The four signals of one reading.
public struct SignalStates: Sendable, Equatable {
    /// The signals that hold, by the last value that was known.
    public internal(set) var active: SignalSet = []
    /// The signals whose value was known recently enough to be told.
    public internal(set) var known: SignalSet = []
    /// How often each signal has begun since the program started, in the order of `Signal.allCases`.
    public internal(set) var entries = SIMD4<UInt32>.zero

    /// Nothing is known yet.
    public init() {}
}
