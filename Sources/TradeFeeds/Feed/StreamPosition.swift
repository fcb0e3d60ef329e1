public import MarketData

/// The last trade of a stream that is already known, from which a feed resumes.
public struct StreamPosition: Hashable, Sendable {
    /// The greatest id.
    public var lastID: Int64
    /// The time of that trade.
    public var lastTime: Timestamp

    /// A position from its parts.
    public init(lastID: Int64, lastTime: Timestamp) {
        self.lastID = lastID
        self.lastTime = lastTime
    }
}
