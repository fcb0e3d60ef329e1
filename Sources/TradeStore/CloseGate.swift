import Synchronization

/// Lets operations in until it closes, and lets the closing wait for those inside: GRDB does not defend a connection
/// against use after its end.
final class CloseGate: Sendable {
    private struct State {
        var inside = 0
        var isClosed = false
        var closing: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Whether the operation may begin; each that may must ``leave()``.
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

    /// Lets nobody in any more, and waits for the last to leave; returns at once with false when closed before.
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
