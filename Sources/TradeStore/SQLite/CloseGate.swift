import Synchronization

/// Admits operations until it closes, and makes the closing wait for those that run: GRDB does not protect a connection
/// from use after it is closed.
final class CloseGate: Sendable {
    private struct State {
        var inside = 0
        var isClosed = false
        var closing: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Starts an operation and returns true, unless the gate is closed; each started operation must call ``leave()``.
    func enter() -> Bool {
        state.withLock { state in
            if !state.isClosed { state.inside += 1 }
            return !state.isClosed
        }
    }

    /// Ends an operation.
    func leave() {
        let closing = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.inside -= 1
            return state.inside == 0 ? state.closing.take() : nil
        }
        closing?.resume()
    }

    /// Admits no further operations, and waits for the running ones to end. Returns false at once when closed before.
    func close() async -> Bool {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return false }
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.inside > 0 { state.closing = continuation }
                return state.inside == 0
            }
            if isEmpty { continuation.resume() }
        }
        return true
    }
}
