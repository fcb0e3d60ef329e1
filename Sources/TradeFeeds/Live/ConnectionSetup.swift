/// The parts of a feed that the frame handler of a connection needs.
struct ConnectionSetup: Sendable {
    var id: ConnectionID
    var idleTimeout: Duration
    var activity: StreamActivity
    var dialogue: ConnectionSubscriptions
    var events: AsyncStream<ConnectionEvent>.Continuation
}
