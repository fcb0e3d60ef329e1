/// The positions of an OKX message's parts: `{"arg":{"channel":…,"instId":…},"data":[…]}` for data of a channel,
/// `{"event":…}` for events of the connection (OKX API v5, WebSocket).
///
/// Members may have any order; unknown ones are checked and skipped. A member that occurs twice is an error.
struct OKXMessage {
    private(set) var event = JSONValue()
    private(set) var code = JSONValue()
    private(set) var channel = JSONValue()
    private(set) var data = JSONValue()

    /// Reads and checks a complete message; the elements of `data` are checked as JSON only.
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

    /// The outcome of a message without data.
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
