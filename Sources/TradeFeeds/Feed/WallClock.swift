package import MarketData

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// This machine's wall clock, in the unit of event time.
package enum WallClock {
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Self.time(time)
    }

    /// A reading, limited to ``Timestamp/valid``, because bars and retention calculate with it and would overflow.
    static func time(_ reading: timespec) -> Timestamp {
        let (microseconds, overflow) = Int64(reading.tv_sec).multipliedReportingOverflow(by: 1_000_000)
        let second = overflow ? (reading.tv_sec < 0 ? .min : .max) : microseconds
        let time = Timestamp(microseconds: second) + Int64(reading.tv_nsec) / 1000
        return min(max(time, Timestamp.valid.lowerBound), Timestamp.valid.upperBound)
    }
}
