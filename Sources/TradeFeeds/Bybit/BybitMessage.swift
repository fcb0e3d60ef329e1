/// The positions of a Bybit message's parts: `{"topic":"publicTrade.BTCUSDT","data":[…]}` for trades,
/// `{"success":true,"ret_msg":"","op":"subscribe"}` for replies (Bybit API v5, "Connect").
///
/// Members may have any order; unknown ones are checked and skipped. A member that occurs twice is an error.
struct BybitMessage {
    private(set) var topic = JSONValue()
    private(set) var data = JSONValue()
    private var success = JSONValue()
    private var operation = JSONValue()
    private var reason = JSONValue()

    /// Reads and checks a complete message; the elements of `data` are checked as JSON only.
    init(_ bytes: RawSpan) throws(DecodeFailure) {
        var cursor = JSONCursor()
        if try cursor.enterObject(in: bytes) {
            repeat {
                let key = try cursor.memberKey(in: bytes)
                let value = try cursor.value(in: bytes)
                if key.equals("topic", in: bytes) {
                    try topic.set(value)
                } else if key.equals("data", in: bytes) {
                    try data.set(value)
                } else if key.equals("success", in: bytes) {
                    try success.set(value)
                } else if key.equals("op", in: bytes) {
                    try operation.set(value)
                } else if key.equals("ret_msg", in: bytes) {
                    try reason.set(value)
                }
            } while try cursor.hasNextMember(in: bytes)
        }
        try cursor.expectEnd(of: bytes)
    }

    /// Whether it is a message of a trade topic.
    func isOfTrades(in bytes: RawSpan) throws(DecodeFailure) -> Bool {
        _ = try topic.text(in: bytes)
        return topic.hasPrefix("publicTrade.", in: bytes)
    }

    /// The outcome of a message without topic.
    func outcomeOfReply(in bytes: RawSpan) throws(DecodeFailure) -> FrameOutcome {
        guard success.isPresent else { return .ignored }
        // A repeated subscription has the error "already subscribed", but the stream is subscribed.
        if reason.contains("already subscribed", in: bytes) { return .acknowledgement }
        if try success.bool(in: bytes) { return .acknowledgement }
        if operation.equals("unsubscribe", in: bytes) { return .ignored }
        throw .refused
    }
}
