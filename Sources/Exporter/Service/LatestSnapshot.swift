import Synchronization

/// Where the latest snapshot hangs: the trading side replaces it, scrapes read it, neither waits for the other's work.
final class LatestSnapshot: Sendable {
    private let snapshot = Mutex(MarketSnapshot())

    /// The latest snapshot.
    var value: MarketSnapshot {
        snapshot.withLock { $0 }
    }

    /// Puts up a new one.
    func publish(_ next: MarketSnapshot) {
        snapshot.withLock { $0 = next }
    }
}
