/// The four signals of one reading.
package struct SignalStates: Sendable, Equatable {
    /// The signals that hold, by the last value that was known.
    package internal(set) var active: SignalSet = []
    /// The signals whose value was known recently enough to be told.
    package internal(set) var known: SignalSet = []
    /// How often each signal has begun since the program started, in the order of `Signal.allCases`.
    package internal(set) var entries = SIMD4<UInt32>.zero

    /// Nothing is known yet.
    init() {}
}
