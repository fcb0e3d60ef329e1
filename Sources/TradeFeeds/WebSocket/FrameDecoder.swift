import MarketData

/// Reads a venue's messages on the event loop of a connection.
protocol FrameDecoder: Sendable {
    /// Appends the records of one message to `trades`, or says why it gave none.
    mutating func decode(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome
}
