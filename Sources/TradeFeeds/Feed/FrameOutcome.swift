package import MarketData

/// The kind of a decoded message.
package enum FrameOutcome: Hashable, Sendable {
    /// Trades of the subscribed streams.
    case trades
    /// The last trade, which the venue sends on subscription; it does not prove that new trades arrive.
    case lastTrade
    /// The venue's last id of a stream, which distinguishes a quiet stream from a dead one.
    case heartbeat(InstrumentID, lastID: Int64)
    /// The venue is about to close the connection; another one should be opened immediately.
    case shutdownNotice
    /// A well-formed event of another kind.
    case ignored
    /// A reply to a request; it does not prove that trades will arrive.
    case acknowledgement
    /// A message that should contain a trade and cannot be decoded.
    case failed(DecodeFailure)
}
