import MarketData

/// Decodes a venue's messages on the event loop of a connection.
protocol FrameDecoder: Sendable {
    /// Appends the trades of one message to `trades`, or returns why the message has none.
    mutating func decode(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome
}
