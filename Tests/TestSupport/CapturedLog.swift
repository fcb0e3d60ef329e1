package import Logging
import Synchronization

/// Keeps log entries for checks.
package final class CapturedLog: Sendable {
    /// One log entry.
    package struct Entry: Sendable {
        /// Its level.
        package let level: Logger.Level
        /// Its message.
        package let message: String
        /// Its metadata, with the logger's own.
        package let metadata: Logger.Metadata
    }

    private let captured = Mutex<[Entry]>([])

    /// A log without entries.
    package init() {}

    /// All entries so far.
    package var entries: [Entry] { captured.withLock { $0 } }

    /// A line per entry so far, each with its metadata.
    package var text: String {
        entries.map { "\($0.level) \($0.message) \($0.metadata)\n" }.joined()
    }

    /// A logger that writes here.
    package var logger: Logger { Logger(label: "tests") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: CapturedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let entry = Entry(level: event.level, message: "\(event.message)", metadata: all)
            log.captured.withLock { $0.append(entry) }
        }
    }
}
