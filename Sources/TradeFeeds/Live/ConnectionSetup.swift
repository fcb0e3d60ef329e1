/// What the handler of a connection's frames needs to know of its feed.
struct ConnectionSetup: Sendable {
    var id: ConnectionID
    var idleTimeout: Duration
    var activity: StreamActivity
    var dialogue: SubscriptionDialogue
    var events: AsyncStream<ConnectionEvent>.Continuation
}
