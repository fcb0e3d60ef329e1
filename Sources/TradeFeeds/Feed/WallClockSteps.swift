package import MarketData

/// Detects that the wall clock was adjusted: it moved, at once or in small steps, against ``SteadyClock``.
///
/// A pure value: the readings are passed in.
package struct WallClockSteps: Sendable {
    /// The threshold in microseconds. Smaller moves, such as the corrections of a time service, add up until they reach
    /// it.
    package static let threshold: Int64 = 1_000_000

    /// Readings further apart than this do not belong to one moment, because the process was suspended between them.
    private static let longestReading: Int64 = 100_000

    /// Microseconds by which the wall clock was ahead when a step was last detected, or at the first reading.
    private var lead: Int64?

    /// A value without a reading.
    package init() {}

    /// Compares readings of one moment with earlier ones.
    /// - Parameters:
    ///   - wallClock: the wall clock's time.
    ///   - before: the steady clock's time just before that.
    ///   - after: the steady clock's time just after that.
    /// - Returns: microseconds by which the wall clock has moved, nil below ``threshold``.
    package mutating func compare(wallClock: Timestamp, before: Timestamp, after: Timestamp) -> Int64? {
        guard after - before <= Self.longestReading else { return nil }
        let present = wallClock - before
        guard let known = lead else {
            lead = present
            return nil
        }
        let (step, overflow) = present.subtractingReportingOverflow(known)
        guard overflow || step.magnitude >= Self.threshold.magnitude else { return nil }
        lead = present
        return overflow ? (present < 0 ? .min : .max) : step
    }

    /// Reads the clocks and compares them; see ``compare(wallClock:before:after:)``.
    package mutating func readClocks() -> Int64? {
        let before = SteadyClock.now()
        let wallClock = WallClock.now()
        return compare(wallClock: wallClock, before: before, after: SteadyClock.now())
    }
}
