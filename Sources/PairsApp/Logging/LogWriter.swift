import DequeModule
import Foundation
import Synchronization

/// Writes log lines on a thread of its own, so that the caller waits neither for a disk nor for a pipe or a terminal.
///
/// Lines are queued while the descriptor has no room, up to ``maximumLines`` and ``maximumBytes``; then the oldest are
/// dropped. Lines that fail to be written are dropped too. All of them are counted. Before the next line that can be
/// written, a line states how many are missing.
package final class LogWriter: Sendable {
    /// The most lines that wait to be written.
    package static let maximumLines = 4096
    static let maximumBytes = 1 << 20

    /// The writer of the process's standard error.
    package static let standardError = LogWriter(descriptor: STDERR_FILENO)

    private enum Entry: Sendable {
        case line([UInt8])
        /// Signalled once a write of everything before it has been tried.
        case mark(DispatchSemaphore)
    }

    private struct State {
        var entries: Deque<Entry> = []
        var bytes = 0
        var lines = 0
        var format = LogFormat.logfmt
        var dropped = 0
        /// Dropped lines that no written line has stated.
        var unstated = 0
        var hasThread = false

        mutating func drop() {
            dropped += 1
            unstated += 1
        }

        mutating func removeFirst() -> Entry? {
            guard let entry = entries.popFirst() else { return nil }
            if case .line(let line) = entry {
                bytes -= line.count
                lines -= 1
            }
            return entry
        }
    }

    /// How long after a failure the number of dropped lines is written again where no line follows.
    private static let retryInterval = DispatchTimeInterval.seconds(1)

    private let writer: DescriptorWriter
    private let state = Mutex(State())
    /// Signalled with each entry.
    private let work = DispatchSemaphore(value: 0)

    /// A writer whose thread starts with its first line.
    package init(descriptor: Int32) {
        writer = DescriptorWriter(descriptor)
    }

    /// Lines that were dropped.
    package var dropped: Int { state.withLock(\.dropped) }

    /// The form of the line that states how many are missing.
    package func use(_ format: LogFormat) {
        state.withLock { $0.format = format }
    }

    /// Appends a line, with its newline, to the queue.
    package func write(_ line: String) {
        let line = Array(line.utf8)
        let needsThread = state.withLock { state in
            guard line.count <= Self.maximumBytes else {
                state.drop()
                return false
            }
            state.entries.append(.line(line))
            state.bytes += line.count
            state.lines += 1
            while state.lines > Self.maximumLines || state.bytes > Self.maximumBytes {
                switch state.removeFirst() {
                case .line: state.drop()
                case .mark(let mark): mark.signal()
                case nil: return false
                }
            }
            defer { state.hasThread = true }
            return !state.hasThread
        }
        work.signal()
        if needsThread { start() }
    }

    /// Waits until all earlier lines are written or dropped, no longer than a duration.
    package func flush(within duration: Duration) {
        let mark = DispatchSemaphore(value: 0)
        let isWaiting = state.withLock { state in
            guard state.hasThread else { return false }
            state.entries.append(.mark(mark))
            return true
        }
        guard isWaiting else { return }
        work.signal()
        _ = mark.wait(timeout: .now() + .milliseconds(Int((duration / .milliseconds(1)).rounded())))
    }

    private func start() {
        let thread = Thread { self.run() }
        thread.name = "log"
        thread.start()
    }

    private func run() {
        var isMidLine = false
        while true {
            let (entry, format, unstated) = state.withLock { ($0.removeFirst(), $0.format, $0.unstated) }
            var canWrite = true
            if unstated > 0 {
                canWrite = write(Self.statement(of: unstated, format), &isMidLine)
                if canWrite { state.withLock { $0.unstated -= unstated } }
            }
            switch entry {
            case .line(let line):
                if !canWrite || !write(line, &isMidLine) { state.withLock { $0.drop() } }
            case .mark(let mark):
                mark.signal()
            case nil:
                // Signals of dropped entries may be left; then this checks the queue again.
                if canWrite { work.wait() } else { _ = work.wait(timeout: .now() + Self.retryInterval) }
            }
        }
    }

    /// Writes a line.
    /// - Parameter isMidLine: whether the line before is incomplete; it is ended first.
    private func write(_ line: [UInt8], _ isMidLine: inout Bool) -> Bool {
        let line = isMidLine ? [UInt8(ascii: "\n")] + line : line
        let outcome = writer.write(line)
        if outcome.written > 0 { isMidLine = !outcome.isComplete }
        return outcome.isComplete
    }

    private static func statement(of count: Int, _ format: LogFormat) -> [UInt8] {
        let line = StructuredLogHandler.line(
            [
                ("level", "warn"), ("source", "Exporter"),
                ("msg", "log lines are missing here: they could not be written"), ("lines", .integer(count)),
            ],
            format
        )
        return Array(line.utf8)
    }
}
