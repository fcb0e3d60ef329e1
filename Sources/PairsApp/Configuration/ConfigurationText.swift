import Dispatch
import Foundation

#if canImport(CDispatch)
    // On Linux the compiler attributes `stat` to it or to Glibc, whichever was loaded first.
    import CDispatch
#endif

/// The text of a configuration file, read with limits on time and size, so that reading ends for every kind of file.
enum ConfigurationText {
    /// How long to wait for the writer of a pipe, in milliseconds.
    private static let pipePatience: Int32 = 10_000

    /// Reads a regular file or, once, a pipe.
    /// - Parameter isRepeated: whether the text is read again later, which a pipe does not permit.
    /// - Throws: ``ConfigurationError`` that names what is at the path instead.
    static func read(_ file: String, isRepeated: Bool = false) throws(ConfigurationError) -> String {
        func refused(_ problem: String) -> ConfigurationError {
            ConfigurationError(file: file.excerpt, line: nil, key: "", problem: problem)
        }
        var status = stat()
        // Opening a pipe would already consume it.
        if isRepeated, stat(file, &status) == 0, status.isPipe {
            throw refused("is a pipe, which cannot be read again; name a file")
        }
        // A pipe without a writer must not block the opening.
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw refused(openingProblem(errno)) }
        defer { close(descriptor) }
        guard fstat(descriptor, &status) == 0 else { throw refused("cannot be read: \(reason(errno))") }
        if let problem = kindProblem(status, file) { throw refused(problem) }
        let bytes = try bytes(of: descriptor, isPipe: status.isPipe, refused)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
            throw refused(isUTF16 ? "is UTF-16 text; save it as UTF-8" : "is not UTF-8 text")
        }
        return text
    }

    private static func bytes(
        of descriptor: Int32,
        isPipe: Bool,
        _ refused: (String) -> ConfigurationError
    ) throws(ConfigurationError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let deadline = ContinuousClock.now + .milliseconds(Int64(pipePatience))
        while bytes.count <= YAMLBounds.largestDocument {
            if isPipe {
                var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard ContinuousClock.now < deadline, poll(&request, 1, pipePatience) > 0 else {
                    throw refused("is a pipe to which nobody has written for \(pipePatience / 1000) s")
                }
            }
            let count = read(descriptor, &buffer)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count >= 0 else { throw refused("cannot be read: \(reason(errno))") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
        throw refused("is larger than \(YAMLBounds.largestDocument >> 20) MiB, the most that a configuration may have")
    }

    private static func read(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
        buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
    }

    private static func openingProblem(_ code: Int32) -> String {
        switch code {
        case ENOENT: "does not exist"
        case EACCES, EPERM: "may not be read: permission denied; permit it to this user"
        case ENXIO: "is a socket; name a file"
        default: "cannot be opened: \(reason(code))"
        }
    }

    private static func kindProblem(_ status: stat, _ file: String) -> String? {
        switch status.st_mode & S_IFMT {
        case S_IFREG, S_IFIFO: nil
        case S_IFDIR: "is a folder; name a file in it"
        // By convention, this is an empty configuration.
        case S_IFCHR where file == "/dev/null": nil
        default: "is a device; name a file"
        }
    }

    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}

extension stat {
    fileprivate var isPipe: Bool { st_mode & S_IFMT == S_IFIFO }
}
