import Exporter
import Foundation

/// What the program writes for people beside its answer. What cannot be written is lost: no other output is left.
enum StandardError {
    /// - Parameter patience: how long to wait for a reader that does not read; nil waits for it, as commands do.
    static func write(_ text: String, patience: Duration? = nil) {
        _ = DescriptorWriter(STDERR_FILENO).write(Data(text.utf8), until: patience.map { .now + $0 })
    }
}
