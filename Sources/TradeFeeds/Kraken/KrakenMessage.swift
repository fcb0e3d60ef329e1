/// The positions of a Kraken message's parts: `{"channel":"trade","type":"update","data":[…]}` for data of a channel,
/// `{"method":"subscribe","success":true}` for replies (Kraken spot, WebSocket v2).
///
/// Members may have any order; unknown ones are checked and skipped. A member that occurs twice is an error.
struct KrakenMessage {
    private(set) var channel = JSONValue()
    private(set) var type = JSONValue()
    private(set) var data = JSONValue()
    private var method = JSONValue()
    private var success = JSONValue()
    private var error = JSONValue()

    /// Reads and checks a complete message; the elements of `data` are checked as JSON only.
    init(_ bytes: RawSpan) throws(DecodeFailure) {
        var cursor = JSONCursor()
        if try cursor.enterObject(in: bytes) {
            repeat {
                let key = try cursor.memberKey(in: bytes)
                let value = try cursor.value(in: bytes)
                if key.equals("channel", in: bytes) {
                    try channel.set(value)
                } else if key.equals("type", in: bytes) {
                    try type.set(value)
                } else if key.equals("data", in: bytes) {
                    try data.set(value)
                } else if key.equals("method", in: bytes) {
                    try method.set(value)
                } else if key.equals("success", in: bytes) {
                    try success.set(value)
                } else if key.equals("error", in: bytes) {
                    try error.set(value)
                }
            } while try cursor.hasNextMember(in: bytes)
        }
        try cursor.expectEnd(of: bytes)
    }

    /// The outcome of a message without channel.
    func outcomeOfReply(in bytes: RawSpan) throws(DecodeFailure) -> FrameOutcome {
        if method.equals("pong", in: bytes) { return .acknowledgement }
        guard success.isPresent || error.isPresent else { return .ignored }
        // A repeated subscription has the error "Already subscribed", but the stream is subscribed.
        if error.contains("Already subscribed", in: bytes) { return .acknowledgement }
        if success.isPresent, try success.bool(in: bytes) { return .acknowledgement }
        if method.equals("unsubscribe", in: bytes) { return .ignored }
        throw .refused
    }
}
