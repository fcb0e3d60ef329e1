import Foundation
import PairsTools
import Synchronization

/// The progress of an import, with its rate and the time left: one line that is redrawn on a terminal, otherwise a line
/// every ten seconds.
final class ProgressBar: Sendable {
    private struct State {
        var start = ContinuousClock.now
        var step = ""
        var next = ContinuousClock.now
    }

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    /// Shows a state of the import.
    @Sendable func show(_ progress: ImportProgress) {
        let step = "\(progress.subject): \(progress.phase.rawValue)"
        let now = ContinuousClock.now
        let elapsed: Duration? = state.withLock { state in
            if state.step != step {
                state.step = step
                state.start = now
                state.next = now + (isTerminal ? .milliseconds(100) : .seconds(10))
            }
            guard now >= state.next else { return nil }
            state.next = now + (isTerminal ? .milliseconds(200) : .seconds(10))
            return now - state.start
        }
        guard let seconds = elapsed.map({ $0 / .seconds(1) }), seconds > 0 else { return }
        let share = min(1, max(0, progress.share))
        var text = "\(step) \(Self.bar(share)) \(Int(share * 100)) %"
        if let rows = progress.rows { text += ", \(Int(Double(rows) / seconds)) rows/s" }
        if share > 0 { text += ", \(Int(seconds / share * (1 - share)) + 1) s left" }
        StandardError.write(isTerminal ? "\r\u{1B}[K\(text)" : text + "\n")
    }

    /// Removes the line from a terminal.
    func clear() {
        if isTerminal { StandardError.write("\r\u{1B}[K") }
    }

    private static func bar(_ share: Double) -> String {
        let width = 20
        let done = Int(share * Double(width))
        return "[" + String(repeating: "#", count: done) + String(repeating: ".", count: width - done) + "]"
    }
}
