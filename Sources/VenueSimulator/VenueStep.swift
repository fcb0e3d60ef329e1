/// An action of a simulated venue on a connection. After the last step the connection stays open and silent.
package enum VenueStep: Sendable {
    /// Sends the next recorded frames of the subscribed streams: a number of them or all remaining ones, at a rate or
    /// without delay, each in a number of fragments. A later connection continues after these frames.
    case frames(Int? = nil, perSecond: Double? = nil, fragments: Int = 1)
    /// Follows a market that advances independently of connections: sends the recorded frames of the subscribed streams
    /// from the present position on, at a rate that counts from the first such step on any connection.
    case live(perSecond: Double)
    /// Sends the next recorded frames of the subscribed streams in reverse order.
    case reversed(Int)
    /// Sends again the recorded frames that were sent last on any connection, at most 100.
    case again(Int)
    /// Skips a number of the next recorded frames.
    case skip(Int)
    /// Stops some streams without a message: their frames are skipped until the next subscription, or permanently.
    case mute([String], permanently: Bool = false)
    /// Sends any text message.
    case text(String)
    /// Sends any binary message.
    case binary([UInt8])
    /// Sends bytes without framing.
    case raw([UInt8])
    /// Sends a ping.
    case ping(String)
    /// Sends a ping and waits for its pong, so that the client has read all earlier data.
    case confirm
    /// Waits until a number of requests of this connection have been answered.
    case requests(Int)
    /// Waits for a duration.
    case wait(Duration)
    /// Waits until a condition holds.
    case until(@Sendable () -> Bool)
    /// Neither reads nor writes from then on and leaves the connection open, like a machine without power.
    case freeze
    /// Begins the close handshake.
    case close(code: UInt16)
    /// Closes the TCP connection without a close frame.
    case drop
    /// Resets the TCP connection.
    case reset
}
