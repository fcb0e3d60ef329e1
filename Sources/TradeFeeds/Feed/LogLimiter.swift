/// Limits repeated warnings in the log to one line per key in ten seconds.
package struct LogLimiter<Key: Hashable> {
    private static var interval: Duration { .seconds(10) }

    private var lines: [Key: (last: ContinuousClock.Instant, skipped: Int)] = [:]

    /// A limiter without lines.
    package init() {}

    /// The number of occurrences skipped since the last line when this one should be logged, otherwise nil.
    package mutating func shouldLog(_ key: Key, at instant: ContinuousClock.Instant) -> Int? {
        if let line = lines[key], line.last.duration(to: instant) < Self.interval {
            lines[key]?.skipped += 1
            return nil
        }
        let skipped = lines[key]?.skipped ?? 0
        lines[key] = (instant, 0)
        return skipped
    }
}
