/// The health of one stream.
package enum StreamHealth: Sendable {
    /// Its connection was lost; a trade or a check on the next connection must prove that the stream works.
    case waiting
    /// The venue has trades that the stream did not deliver, although its connection is open.
    case dead
    /// The venue has no such instrument, or refuses the subscription.
    case refused
    /// The venue accepts a stream that it had refused; no trade has proven yet that the stream works.
    case listed
}
