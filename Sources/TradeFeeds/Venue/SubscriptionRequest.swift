/// What a client may ask of streams on an open connection.
enum SubscriptionRequest: String, Sendable {
    case subscribe
    case unsubscribe
}
