import Foundation
import PairsApp

/// Writes messages for people, beside the result on stdout. If it fails the text is lost: there is no other output.
enum StandardError {
    /// - Parameter patience: how long to wait for a reader that does not read; nil for no limit, as commands use it.
    static func write(_ text: String, patience: Duration? = nil) {
        _ = DescriptorWriter(STDERR_FILENO).write(Data(text.utf8), until: patience.map { .now + $0 })
    }
}
