import Logging
import Synchronization

/// Keeps what is logged, to be looked at.
final class CapturedLog: Sendable {
    private let lines = Mutex("")

    /// All lines so far, each with its metadata.
    var text: String { lines.withLock { $0 } }

    /// A logger that writes here.
    var logger: Logger { Logger(label: "tests") { _ in Handler(log: self) } }

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
            log.lines.withLock { $0 += "\(event.level) \(event.message) \(all)\n" }
        }
    }
}
