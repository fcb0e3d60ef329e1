import Foundation

/// A file without a name in a file system of memory, whose content is replaced.
package final class MemoryFile {
    private let descriptor: Int32

    package init() {
        var name = Array("/dev/shm/fuzz-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        precondition(descriptor >= 0 && unlink(name) == 0)
    }

    package var path: String { "/proc/self/fd/\(descriptor)" }

    package func replace(with content: [UInt8]) {
        precondition(ftruncate(descriptor, 0) == 0 && pwrite(descriptor, content, content.count, 0) == content.count)
    }
}
