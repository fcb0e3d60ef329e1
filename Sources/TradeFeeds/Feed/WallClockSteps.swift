package import MarketData

/// Finds moments at which the wall clock was set: it moved, at once or little by little, against one that is never set.
///
/// A pure value: the readings are passed in.
package struct WallClockSteps: Sendable {
    /// Smaller moves, such as those of a time service at work, are summed up until they reach it.
    package static let threshold: Int64 = 1_000_000

    /// Two readings further apart than that are not of one moment: the process was held up between them.
    private static let longestReading: Int64 = 100_000

    /// Microseconds by which the wall clock was ahead when it was last found set, or first read.
    private var lead: Int64?

    /// A value that has seen no reading.
    package init() {}

    /// Compares readings of one moment with those before.
    /// - Parameters:
    ///   - wallClock: the wall clock's time.
    ///   - before: the steady clock's time just before that.
    ///   - after: the steady clock's time just after that.
    /// - Returns: microseconds by which the wall clock has moved, nil while that is less than ``threshold``.
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
