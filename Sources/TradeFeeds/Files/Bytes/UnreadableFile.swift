#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why the bytes of a file cannot be read; the reader of the file adds its path.
struct UnreadableFile: Error, Hashable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// The reason behind an error number of the system.
    init(errorNumber: Int32) {
        reason =
            switch errorNumber {
            case ENOENT, ENOTDIR: "there is no such file"
            case EACCES, EPERM: "this user may not read it; check its permissions"
            case EISDIR: "it is a folder; name a file in it"
            default: String(cString: strerror(errorNumber))
            }
    }
}
