package import MarketData

/// A live feed's clock in event time: the greatest trade time seen plus the monotonic time since it arrived.
///
/// A pure value: instants are passed in. Its readings never go backward.
package struct EventClock: Sendable {
    /// The most that one step between two calls may add. After a longer pause of this process, trades from before the
    /// pause may still be unread, and the clock must not pass their times.
    package static let longestStep = Duration.milliseconds(250)

    private var greatest: Timestamp?
    private var reading: Timestamp?
    private var elapsed = Duration.zero
    private var lastCall: ContinuousClock.Instant?

    /// A clock without a time; it has one from the first trade on.
    package init() {}

    /// Records a trade time that arrived at an instant.
    package mutating func observe(_ time: Timestamp, at instant: ContinuousClock.Instant) {
        advance(to: instant)
        if let greatest, time <= greatest { return }
        greatest = time
        elapsed = .zero
    }

    /// The time shown at an instant, or nil before the first trade.
    package mutating func now(at instant: ContinuousClock.Instant) -> Timestamp? {
        advance(to: instant)
        guard let greatest else { return nil }
        let (seconds, attoseconds) = elapsed.components
        let time = greatest + (seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
        let shown = max(time, reading ?? time)
        reading = shown
        return shown
    }

    private mutating func advance(to instant: ContinuousClock.Instant) {
        if let lastCall, instant > lastCall {
            elapsed += min(lastCall.duration(to: instant), Self.longestStep)
        }
        lastCall = max(instant, lastCall ?? instant)
    }
}
