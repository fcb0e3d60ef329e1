import Synchronization

/// The subscribed streams of one connection that its path carries.
final class SubscribedStreams: Sendable {
    private let event: String?
    private let subscribed = Mutex(Set<String>())
    private let muted = Mutex([String: Bool]())

    init(event: String?) {
        self.event = event
    }

    var names: Set<String> { subscribed.withLock { $0 } }

    /// The subscribed streams of which nothing is sent.
    var mutedNames: [String] { muted.withLock { Array($0.keys) } }

    func mute(_ names: [String], permanently isPermanent: Bool) {
        muted.withLock { muted in for name in names { muted[name] = isPermanent } }
    }

    func add(_ names: [String]) {
        guard let event else { return }
        muted.withLock { muted in muted = muted.filter { $0.value || !names.contains($0.key) } }
        subscribed.withLock { $0.formUnion(names.filter { $0.hasSuffix("@\(event)") }) }
    }

    func remove(_ names: [String]) {
        subscribed.withLock { $0.subtract(names) }
    }
}
