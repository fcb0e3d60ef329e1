import Logging
import Synchronization
import Testing

@testable import TradeStore

@Suite struct FailureLogTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ line: String) {
            lines.withLock { $0.append(line) }
        }
    }

    private struct Recorder: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let failures = event.metadata?["failures"].map { "\($0)" } ?? ""
            lines.add("\(event.level) \(failures)")
        }
    }

    @Test("failures that go on are told every 30 s, and their end once")
    func rate() {
        let lines = Lines()
        var log = FailureLog(logger: Logger(label: "test", factory: { _ in Recorder(lines: lines) }))
        let start = ContinuousClock.now
        for second in 0..<70 {
            log.failed(StoreError.diskFull(path: "x"), at: start + .seconds(second))
        }
        #expect(lines.all == ["error 1", "error 31", "error 61"])
        log.recovered(droppedTrades: 5)
        log.failed(StoreError.diskFull(path: "x"), at: start + .seconds(71))
        #expect(lines.all.suffix(2) == ["notice 70", "error 1"])
    }
}
