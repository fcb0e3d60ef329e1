/// How the trades in recorded frames of a venue are read, so that reading a file does not depend on a venue.
package struct FrameFormat: Sendable {
    /// The trade of a frame, and its kind, the name of the stream.
    package typealias Event = (record: TradeRecord, kind: String)

    /// Reads the trade of a frame of one kind of event; without a kind, of any kind of trade.
    ///
    /// Returns nil for an event of another kind. Throws ``DecodeFailure`` for a frame that should contain a trade and
    /// cannot be decoded.
    package let event: @Sendable (_ frame: RawSpan, _ kind: String?) throws(DecodeFailure) -> Event?

    /// A format from the function that reads a frame.
    package init(event: @escaping @Sendable (RawSpan, String?) throws(DecodeFailure) -> Event?) {
        self.event = event
    }
}
