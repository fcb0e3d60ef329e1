#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// System calls about the running process; `nil` for what they do not return.
package enum ProcessUsage {
    /// User and system time of all threads, including those that have ended.
    static func cpuSeconds() -> Double? {
        var usage = rusage()
        // RUSAGE_SELF, which only Glibc declares as a separate type.
        guard getrusage(0, &usage) == 0 else { return nil }
        return Double(microseconds(usage.ru_utime) + microseconds(usage.ru_stime)) / 1e6
    }

    /// How many files may be open; nil for any number.
    package static func openFilesLimit() -> Double? {
        softLimit(RLIMIT_NOFILE)
    }

    /// Raises the limit of open files to the greatest that the process may set, as Go's programs do at their start:
    /// distributions keep the limit at 1,024 for programs that use select(2).
    package static func raiseOpenFilesLimit() {
        #if canImport(Glibc)
            let resource = Int32(bitPattern: RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
    }

    /// How many bytes of addresses may be in use; nil for any number.
    static func addressSpaceLimit() -> Double? {
        softLimit(RLIMIT_AS)
    }

    private static func microseconds(_ time: timeval) -> Int {
        Int(time.tv_sec) * 1_000_000 + Int(time.tv_usec)
    }

    #if canImport(Glibc)
        private static func softLimit(_ resource: __rlimit_resource) -> Double? {
            softLimit(Int32(bitPattern: resource.rawValue))
        }
    #endif

    private static func softLimit(_ resource: Int32) -> Double? {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur != rlim_t.max else { return nil }
        return Double(limit.rlim_cur)
    }
}
