import Foundation

#if canImport(CDispatch)
    // On Linux the compiler attributes `stat` to it or to Glibc, whichever was loaded first.
    import CDispatch
#endif

/// The kind of the target of an output path.
enum OutputTarget {
    /// A descriptor that the program already has, such as `/dev/stdout`.
    case descriptor(Int32)
    /// A device, a pipe or a socket, which is opened as it is.
    case device
    /// A regular file, or a name that is free. The path has no symbolic link at its end.
    case file(path: String, existing: stat?)

    /// No more links than the system follows itself.
    private static let maximumLinks = 40

    /// Follows symbolic links to the target of the path.
    static func resolved(_ path: String) throws(OutputError) -> OutputTarget {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw OutputError(path, "it is no path") }
        var current = path
        for _ in 0..<maximumLinks {
            var status = stat()
            guard lstat(current, &status) == 0 else {
                guard errno == ENOENT else { throw OutputError(path, errorNumber: errno) }
                guard !current.hasSuffix("/") else { throw OutputError(path, "there is no such folder") }
                return .file(path: current, existing: nil)
            }
            switch status.st_mode & S_IFMT {
            case S_IFLNK:
                if let descriptor = descriptor(of: current) { return .descriptor(descriptor) }
                current = try destination(of: current, path)
            case S_IFREG: return .file(path: current, existing: status)
            case S_IFDIR: throw OutputError(path, "it is a folder; name a file")
            case S_IFSOCK: throw OutputError(path, "it is a socket, which cannot be opened as a file")
            default: return .device
            }
        }
        throw OutputError(path, errorNumber: ELOOP)
    }

    /// The number of the descriptor of this process that a link of `/proc/self/fd` names.
    private static func descriptor(of link: String) -> Int32? {
        let url = URL(fileURLWithPath: link)
        guard let folder = realPath(url.deletingLastPathComponent().path), let number = Int32(url.lastPathComponent)
        else { return nil }
        let own = ["/proc/\(getpid())/fd", "/proc/\(getpid())/task/\(getpid())/fd", "/dev/fd"]
        return own.contains(folder) ? number : nil
    }

    private static func destination(of link: String, _ path: String) throws(OutputError) -> String {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink(link, &bytes, bytes.count - 1)
        guard count >= 0 else { throw OutputError(path, errorNumber: errno) }
        let text = String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.hasPrefix("/") ? text : folder(of: link) + "/" + text
    }

    /// The folder that a path lies in. Unlike URL it keeps `..` behind a link, which the system resolves differently.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
