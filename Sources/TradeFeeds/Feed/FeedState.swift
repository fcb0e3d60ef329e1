/// The state of a feed or connection; the raw value is the label `state`.
package enum FeedState: String, Sendable, CaseIterable {
    /// Connecting to the source.
    case connecting
    /// The source has accepted, and no trade has arrived yet; an acknowledgement does not prove that trades will
    /// arrive.
    case subscribed
    /// Trades arrive.
    case flowing
    /// Waiting before the next attempt.
    case backingOff = "backing_off"
    /// Not running, or without a stream because the venue refuses every one.
    case stopped
}

extension FeedState {
    /// Orders states from the best to the worst, to show the worst of several connections.
    var distanceFromFlowing: Int {
        switch self {
        case .flowing: 0
        case .subscribed: 1
        case .connecting: 2
        case .backingOff: 3
        case .stopped: 4
        }
    }
}
