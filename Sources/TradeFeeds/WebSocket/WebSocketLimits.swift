/// The greatest sizes that the client accepts from a peer.
enum WebSocketLimits {
    /// The largest message that is decoded, in bytes; trade messages have some hundred bytes.
    static let largestMessage = 1 << 20
    /// The largest frame and message that is read, in bytes; a larger one closes the connection.
    static let largestFrame = 32 << 20
    /// The greatest number of fragments of one message.
    static let mostFragments = 1 << 16
}
