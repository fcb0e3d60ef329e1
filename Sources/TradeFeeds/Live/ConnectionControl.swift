import Synchronization

/// Sends commands to an open connection; ignores them before the handshake and after the end.
final class ConnectionControl: Sendable {
    enum Command: Sendable {
        case send([String])
        /// Decodes all further messages with a decoder for other streams.
        case decode(any FrameDecoder)
        case close(DisconnectReason, String)
    }

    private struct State {
        var perform: (@Sendable (Command) -> Void)?
        var openedAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// When the handshake succeeded, nil before and after the end.
    var openedAt: ContinuousClock.Instant? { state.withLock { $0.openedAt } }

    func opened(_ perform: @escaping @Sendable (Command) -> Void) {
        state.withLock { $0 = State(perform: perform, openedAt: .now) }
    }

    func ended() {
        state.withLock { $0 = State() }
    }

    func perform(_ command: Command) {
        state.withLock { $0.perform }?(command)
    }
}
