/// The sizes beyond which a peer is not trusted.
enum WebSocketLimits {
    /// The largest message worth decoding; trade messages take some hundred bytes.
    static let largestMessage = 1 << 20
    /// The largest message that is read at all; beyond it the connection is closed.
    static let largestFrame = 32 << 20
    /// The most fragments of one message.
    static let mostFragments = 1 << 16
}
