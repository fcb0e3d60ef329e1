public import Logging
import Synchronization

/// Keeps what is logged, to be looked at.
public final class CapturedLog: Sendable {
    /// What was logged at once.
    public struct Entry: Sendable {
        /// How grave it is.
        public let level: Logger.Level
        /// What it says.
        public let message: String
        /// With the logger's own.
        public let metadata: Logger.Metadata
    }

    private let captured = Mutex<[Entry]>([])

    /// A log without entries.
    public init() {}

    /// All entries so far.
    public var entries: [Entry] { captured.withLock { $0 } }

    /// A line per entry so far, each with its metadata.
    public var text: String {
        entries.map { "\($0.level) \($0.message) \($0.metadata)\n" }.joined()
    }

    /// A logger that writes here.
    public var logger: Logger { Logger(label: "tests") { _ in Handler(log: self) } }

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
