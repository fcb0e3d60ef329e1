import Foundation

/// A temporary file without a name: nobody else can open it, and it goes away with the process, however that ends.
package enum UnnamedFile {
    /// Opens one for reading and writing.
    /// - Parameter folder: where it takes its space.
    /// - Returns: its descriptor; below 0 with the cause in `errno`.
    package static func open(in folder: String) -> Int32 {
        // mkstemp(3) demands six X at the end, and replaces them with a name that no file has yet.
        var path = Array((folder + "/pairs-exporter-XXXXXX").utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { return descriptor }
        unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    /// Where temporary files belong: `TMPDIR`, or `/tmp`.
    package static var folder: String { FileManager.default.temporaryDirectory.path(percentEncoded: false) }
}
