import Exporter
import Foundation
import Synchronization

/// How far an import has come, with its rate and the time left: one line that is drawn over on a terminal, otherwise a
/// line every ten seconds.
final class ProgressBar: Sendable {
    private struct State {
        var start = ContinuousClock.now
        var phase = ""
        var next = ContinuousClock.now
    }

    private let name: String
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    init(name: String) {
        self.name = String(name.split(separator: "/").last ?? "")
    }

    /// Shows a state of the import.
    func show(_ progress: Importer.Progress) {
        switch progress {
        case .reading(let share): draw("reading", share, rows: nil)
        case .writing(let share, let rows): draw("writing", share, rows: rows)
        case .building(let share): draw("building bars", share, rows: nil)
        }
    }

    /// Takes the line off a terminal.
    func clear() {
        if isTerminal { StandardError.write("\r\u{1B}[K") }
    }

    private func draw(_ phase: String, _ share: Double, rows: Int?) {
        let now = ContinuousClock.now
        let elapsed: Duration? = state.withLock { state in
            if state.phase != phase {
                state.phase = phase
                state.start = now
                state.next = now + (isTerminal ? .milliseconds(100) : .seconds(10))
            }
            guard now >= state.next else { return nil }
            state.next = now + (isTerminal ? .milliseconds(200) : .seconds(10))
            return now - state.start
        }
        guard let seconds = elapsed.map({ $0 / .seconds(1) }), seconds > 0 else { return }
        let share = min(1, max(0, share))
        var text = "\(name): \(phase) \(Self.bar(share)) \(Int(share * 100)) %"
        if let rows { text += ", \(Int(Double(rows) / seconds)) rows/s" }
        if share > 0 { text += ", \(Int(seconds / share * (1 - share)) + 1) s left" }
        StandardError.write(isTerminal ? "\r\u{1B}[K\(text)" : text + "\n")
    }

    private static func bar(_ share: Double) -> String {
        let width = 20
        let done = Int(share * Double(width))
        return "[" + String(repeating: "#", count: done) + String(repeating: ".", count: width - done) + "]"
    }
}
