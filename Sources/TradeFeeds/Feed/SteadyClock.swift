package import MarketData

/// A clock that is never set: the wall clock as the program found it, plus the monotonic time since.
///
/// Arrivals are measured by it, so that a step of the wall clock changes no difference between two arrivals. The time of
/// day that it shows may be wrong by as much as the wall clock was at the start.
package enum SteadyClock {
    private static let start = (time: WallClock.now(), instant: ContinuousClock.now)

    /// The time that it shows at an instant.
    package static func time(at instant: ContinuousClock.Instant) -> Timestamp {
        let (seconds, attoseconds) = start.instant.duration(to: instant).components
        return start.time + (seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// The time that it shows.
    package static func now() -> Timestamp { time(at: .now) }

    /// Microseconds by which the wall clock is ahead of this one: zero until the wall clock is set.
    package static var wallClockLead: Int64 { WallClock.now() - now() }
}
