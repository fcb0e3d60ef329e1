package import MarketData

/// What a message turned out to be.
package enum FrameOutcome: Hashable, Sendable {
    /// Records of the streams asked for.
    case trades
    /// A record that the venue keeps and sends on subscription: true, but no proof that the stream flows.
    case lastTrade
    /// The venue's word on the last trade of a stream, which tells a quiet stream from a dead one.
    case heartbeat(InstrumentID, lastID: Int64)
    /// The venue is about to close the connection: another one should be opened at once.
    case shutdownNotice
    /// A well-formed event of another kind.
    case ignored
    /// A reply to a request, which proves nothing about the stream.
    case acknowledgement
    /// Something that should have given a record and did not.
    case failed(DecodeFailure)
}
