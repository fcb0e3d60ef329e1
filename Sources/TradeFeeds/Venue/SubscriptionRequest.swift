/// The request of a client for streams on an open connection.
enum SubscriptionRequest: String, Sendable {
    case subscribe
    case unsubscribe
}
