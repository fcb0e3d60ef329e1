package import MarketData

/// The last known trade of a stream, after which a feed resumes.
package struct StreamPosition: Hashable, Sendable {
    /// The greatest id.
    package var lastID: Int64
    /// The time of that trade.
    package var lastTime: Timestamp

    /// A position from its parts.
    package init(lastID: Int64, lastTime: Timestamp) {
        self.lastID = lastID
        self.lastTime = lastTime
    }
}
