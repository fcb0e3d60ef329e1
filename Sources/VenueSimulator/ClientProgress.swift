import Synchronization

/// The answers and requests of one connection's client so far, for steps that wait for them.
final class ClientProgress: Sendable {
    private struct State {
        var confirmations = 0
        var confirmed: Set<String> = []
        var answeredRequests = 0
        var isFrozen = false
    }

    private let state = Mutex(State())

    /// A unique payload for a ping.
    func nextConfirmation() -> String {
        state.withLock { state in
            state.confirmations += 1
            return "confirm \(state.confirmations)"
        }
    }

    /// Whether the venue neither reads nor writes on this connection.
    var isFrozen: Bool { state.withLock { $0.isFrozen } }

    func freeze() {
        state.withLock { $0.isFrozen = true }
    }

    func receivedPong(_ payload: String) {
        state.withLock { _ = $0.confirmed.insert(payload) }
    }

    func answeredRequest() {
        state.withLock { $0.answeredRequests += 1 }
    }

    func waitForPong(_ payload: String) async throws {
        try await wait { $0.confirmed.contains(payload) }
    }

    func waitForAnsweredRequests(_ count: Int) async throws {
        try await wait { $0.answeredRequests >= count }
    }

    private func wait(_ condition: @Sendable (State) -> Bool) async throws {
        while !state.withLock({ condition($0) }) { try await Task.sleep(for: .milliseconds(5)) }
    }
}
