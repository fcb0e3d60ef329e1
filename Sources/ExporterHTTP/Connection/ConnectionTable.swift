import NIOCore
import Synchronization

/// The open connections. Beyond the limit the one that has waited longest for a request is closed, so that idle
/// connections cannot keep a scraper out; where all are busy, the new one is closed.
final class ConnectionTable: Sendable {
    private struct Entry {
        let channel: any Channel
        var isBusy = false
        var lastUse: UInt64
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var clock: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// How many are open.
    var count: Int { state.withLock { $0.entries.count } }

    /// Takes a new connection in; closes another or this one where there are too many.
    func add(_ channel: any Channel) {
        let excess = state.withLock { state -> (any Channel)? in
            state.clock += 1
            var excess: (any Channel)?
            if state.entries.count >= limit {
                let idle = state.entries.filter { !$0.value.isBusy }.min { $0.value.lastUse < $1.value.lastUse }
                guard let idle else { return channel }
                excess = state.entries.removeValue(forKey: idle.key)?.channel
            }
            state.entries[ObjectIdentifier(channel)] = Entry(channel: channel, lastUse: state.clock)
            return excess
        }
        channel.closeFuture.whenComplete { [weak self] _ in self?.remove(channel) }
        excess?.close(promise: nil)
    }

    /// Hears that a connection has a request open, or none any more.
    func note(_ channel: any Channel, isBusy: Bool) {
        state.withLock { state in
            state.clock += 1
            let clock = state.clock
            state.entries[ObjectIdentifier(channel)]?.isBusy = isBusy
            state.entries[ObjectIdentifier(channel)]?.lastUse = clock
        }
    }

    private func remove(_ channel: any Channel) {
        state.withLock { _ = $0.entries.removeValue(forKey: ObjectIdentifier(channel)) }
    }
}
