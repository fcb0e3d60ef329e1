/// Where the parts of an OKX message stand: `{"arg":{"channel":…,"instId":…},"data":[…]}` for what a channel brings,
/// `{"event":…}` for what concerns the connection (OKX API v5, WebSocket).
///
/// Members may come in any order; unknown ones are checked and skipped. A member that occurs twice is refused.
struct OKXMessage {
    private(set) var event = JSONValue()
    private(set) var code = JSONValue()
    private(set) var channel = JSONValue()
    private(set) var data = JSONValue()

    /// Reads a whole message and checks all of it, the elements of `data` as JSON only.
    init(_ bytes: RawSpan) throws(DecodeFailure) {
        var cursor = JSONCursor()
        var argument = JSONValue()
        if try cursor.enterObject(in: bytes) {
            repeat {
                let key = try cursor.memberKey(in: bytes)
                let value = try cursor.value(in: bytes)
                if key.equals("data", in: bytes) {
                    try data.set(value)
                } else if key.equals("arg", in: bytes) {
                    try argument.set(value)
                } else if key.equals("event", in: bytes) {
                    try event.set(value)
                } else if key.equals("code", in: bytes) {
                    try code.set(value)
                }
            } while try cursor.hasNextMember(in: bytes)
        }
        try cursor.expectEnd(of: bytes)
        if argument.kind == .object { try readArgument(at: argument.start, bytes) }
    }

    private mutating func readArgument(at start: Int, _ bytes: RawSpan) throws(DecodeFailure) {
        var cursor = JSONCursor(at: start)
        guard try cursor.enterObject(in: bytes) else { return }
        repeat {
            let key = try cursor.memberKey(in: bytes)
            let value = try cursor.value(in: bytes)
            if key.equals("channel", in: bytes) { try channel.set(value) }
        } while try cursor.hasNextMember(in: bytes)
    }

    /// What a message is that brings no data.
    func outcomeOfEvent(in bytes: RawSpan) throws(DecodeFailure) -> FrameOutcome {
        guard event.isPresent else { return .ignored }
        _ = try event.text(in: bytes)
        if event.equals("error", in: bytes) { throw .refused }
        if event.equals("subscribe", in: bytes) || event.equals("unsubscribe", in: bytes) { return .acknowledgement }
        // 64008: "The connection will soon be closed for a service upgrade. Please reconnect."
        if event.equals("notice", in: bytes), code.equals("64008", in: bytes) { return .shutdownNotice }
        return .ignored
    }
}
