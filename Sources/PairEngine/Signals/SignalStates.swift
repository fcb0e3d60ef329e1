/// The four signals of one reading.
package struct SignalStates: Sendable, Equatable {
    /// The signals that hold, by the last value.
    package internal(set) var active: SignalSet = []
    /// The signals whose last value is recent enough to be published.
    package internal(set) var known: SignalSet = []
    /// How often each signal has begun since the program started, in the order of `Signal.allCases`.
    package internal(set) var entries = SIMD4<UInt32>.zero

    /// No signal has a value.
    init() {}
}
