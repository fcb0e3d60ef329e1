import Synchronization

/// The streams of one connection that its path really carries.
final class SubscribedStreams: Sendable {
    private let event: String?
    private let subscribed = Mutex(Set<String>())

    init(event: String?) {
        self.event = event
    }

    var names: Set<String> { subscribed.withLock { $0 } }

    func add(_ names: [String]) {
        guard let event else { return }
        subscribed.withLock { $0.formUnion(names.filter { $0.hasSuffix("@\(event)") }) }
    }

    func remove(_ names: [String]) {
        subscribed.withLock { $0.subtract(names) }
    }
}
