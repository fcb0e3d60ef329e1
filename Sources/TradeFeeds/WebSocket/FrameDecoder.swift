import MarketData

/// Decodes a venue's messages on the event loop of a connection.
protocol FrameDecoder: Sendable {
    /// Appends the trades of one message to `trades`, or returns why the message has none.
    mutating func decode(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome
    /// Decodes without a quick way for frequent messages; the result is the same.
    mutating func decodeFully(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome
}

extension FrameDecoder {
    /// By default there is no quick way.
    mutating func decodeFully(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome {
        decode(frame, into: &trades)
    }
}
