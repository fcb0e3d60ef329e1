import MarketData

/// Reads a venue's messages; confined to the event loop of its connection.
protocol FrameDecoder: SendableMetatype {
    /// Appends the records of one message to `trades`, or says why it gave none.
    mutating func decode(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome
}
