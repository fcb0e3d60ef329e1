/// The number of a stream in the program's ``StreamTable``: what a trade stores instead of a symbol's text.
public struct InstrumentID: Hashable, Sendable, Comparable {
    /// The position, from 0.
    public let index: Int32

    /// Wraps a position.
    public init(_ index: Int) {
        self.index = Int32(truncatingIfNeeded: index)
    }

    /// Orders by position.
    public static func < (lhs: InstrumentID, rhs: InstrumentID) -> Bool {
        lhs.index < rhs.index
    }
}
