package import MarketData

/// A clock that is never adjusted: the wall clock at the start of the program plus the monotonic time since then.
///
/// It measures arrival times, so that a step of the wall clock changes no difference between two of them. Its error
/// equals that of the wall clock at the start.
package enum SteadyClock {
    private static let start = (time: WallClock.now(), instant: ContinuousClock.now)

    /// The time of this clock at an instant.
    package static func time(at instant: ContinuousClock.Instant) -> Timestamp {
        let (seconds, attoseconds) = start.instant.duration(to: instant).components
        return start.time + (seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// The present time of this clock.
    package static func now() -> Timestamp { time(at: .now) }

    /// Microseconds by which the wall clock is ahead of this one; zero until the wall clock is adjusted.
    package static var wallClockLead: Int64 { WallClock.now() - now() }
}
