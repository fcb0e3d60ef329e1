/// One thing that a simulated venue does on a connection. After the last step the connection stays open and silent.
package enum VenueStep: Sendable {
    /// Sends the next recorded frames of the subscribed streams: so many or all that are left, at a rate or at once,
    /// each in so many fragments. What a connection has sent, a later one does not send again.
    case frames(Int? = nil, perSecond: Double? = nil, fragments: Int = 1)
    /// Follows a market that goes on whoever listens: sends what is recorded of the subscribed streams from now on, at a rate
    /// that counts from the first such step on any connection.
    case live(perSecond: Double)
    /// Sends the next recorded frames of the subscribed streams in reverse order.
    case reversed(Int)
    /// Sends again the last of the recorded frames that were sent on any connection, at most 100.
    case again(Int)
    /// Passes over so many of the next recorded frames.
    case skip(Int)
    /// Ends some streams without a word: their frames are passed over from here on, until they are asked for again
    /// or for good.
    case mute([String], forGood: Bool = false)
    /// Sends any text message.
    case text(String)
    /// Sends any binary message.
    case binary([UInt8])
    /// Sends bytes past the framing.
    case raw([UInt8])
    /// Sends a ping.
    case ping(String)
    /// Sends a ping of its own and waits for the pong: what was sent before has been read then.
    case confirm
    /// Waits until so many requests of this connection have been answered.
    case requests(Int)
    /// Does nothing for a while.
    case wait(Duration)
    /// Waits until a condition holds.
    case until(@Sendable () -> Bool)
    /// Neither reads nor writes any more and leaves the connection open, as a machine does that lost its power.
    case freeze
    /// Begins the close handshake.
    case close(code: UInt16)
    /// Closes the TCP connection without a close frame.
    case drop
    /// Resets the TCP connection.
    case reset
}
