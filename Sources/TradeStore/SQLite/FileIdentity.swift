#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What distinguishes a file from every other one: two names of one file have the same identity, and a file that has
/// replaced another under its name has a different one.
struct FileIdentity: Hashable {
    /// The identity of the file at this path, with symbolic links followed; nil where there is none.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The identity of an open file.
    init?(descriptor: CInt) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
        size = Int64(status.st_size)
    }

    private let device: UInt64
    private let number: UInt64
    /// Its size in bytes when the identity was read.
    let size: Int64
    var isEmpty: Bool { size == 0 }

    static func == (lhs: FileIdentity, rhs: FileIdentity) -> Bool {
        lhs.device == rhs.device && lhs.number == rhs.number
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(device)
        hasher.combine(number)
    }

    /// Removes the name of a file.
    static func unlink(_ path: String) {
        #if canImport(Darwin)
            _ = Darwin.unlink(path)
        #elseif canImport(Musl)
            _ = Musl.unlink(path)
        #else
            _ = Glibc.unlink(path)
        #endif
    }
}
