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
        let (microseconds, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000)
        let second = overflow ? (time.tv_sec < 0 ? .min : .max) : microseconds
        return Timestamp(microseconds: second) + Int64(time.tv_nsec) / 1000
    }
}
