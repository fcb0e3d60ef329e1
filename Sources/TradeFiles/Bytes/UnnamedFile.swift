import Foundation

/// A temporary file without a name: no other process can open it, and the system deletes it when the process ends in
/// any way.
package enum UnnamedFile {
    /// Opens a temporary file for reading and writing.
    /// - Parameter folder: the folder whose file system stores it.
    /// - Returns: its descriptor; negative on failure, with the cause in `errno`.
    package static func open(in folder: String) -> Int32 {
        // mkstemp(3) requires six X at the end, and replaces them to make a unique name.
        var path = Array((folder + "/pairs-exporter-XXXXXX").utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { return descriptor }
        unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    /// The folder for temporary files: `TMPDIR`, or `/tmp`.
    package static var folder: String { FileManager.default.temporaryDirectory.path(percentEncoded: false) }
}
