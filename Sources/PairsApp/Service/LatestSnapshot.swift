import Synchronization

/// The latest snapshot: the market engine replaces it and scrapes read it, without waiting for each other's work.
final class LatestSnapshot: Sendable {
    private let snapshot = Mutex(MarketSnapshot())

    /// The latest snapshot.
    var value: MarketSnapshot {
        snapshot.withLock { $0 }
    }

    /// Replaces the snapshot.
    func publish(_ next: MarketSnapshot) {
        snapshot.withLock { $0 = next }
    }
}
