import Synchronization

/// The counters of one feed, updated by the feed once per read; any thread may read them.
package final class FeedCounters: Sendable {
    private let counts = Mutex(FeedCounts())

    /// Counters at zero.
    package init() {}

    /// The counts at this moment.
    package func snapshot() -> FeedCounts {
        counts.withLock { $0 }
    }

    /// Changes the counts; only the feed itself does this.
    package func update(_ change: (inout FeedCounts) -> Void) {
        counts.withLock { change(&$0) }
    }
}
