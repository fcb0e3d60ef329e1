import Synchronization

/// The streams of one connection that its path really carries.
final class SubscribedStreams: Sendable {
    private let event: String?
    private let subscribed = Mutex(Set<String>())
    private let muted = Mutex(Set<String>())

    init(event: String?) {
        self.event = event
    }

    var names: Set<String> { subscribed.withLock { $0 } }

    /// Those of which nothing is sent, though they were asked for.
    var mutedNames: Set<String> { muted.withLock { $0 } }

    func mute(_ names: [String]) {
        muted.withLock { $0.formUnion(names) }
    }

    func add(_ names: [String]) {
        guard let event else { return }
        muted.withLock { $0.subtract(names) }
        subscribed.withLock { $0.formUnion(names.filter { $0.hasSuffix("@\(event)") }) }
    }

    func remove(_ names: [String]) {
        subscribed.withLock { $0.subtract(names) }
    }
}
