/// What is known of one stream beside its trades.
package enum StreamHealth: Sendable {
    /// Its connection was lost; on the next one it has to prove itself again.
    case waiting
    /// The venue has trades that the stream did not bring, though its connection is open.
    case dead
    /// The venue says that there is no such instrument, or refuses to send it.
    case refused
    /// The venue accepts a stream that it had refused; it has to prove itself.
    case listed
}
