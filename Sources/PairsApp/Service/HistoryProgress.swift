import Synchronization

/// Which feeds still fetch the past of their windows.
///
/// A feed counts until its candles are in the windows, or until its venue has failed to answer once: a venue that is
/// down does not keep the exporter unready.
final class HistoryProgress: Sendable {
    /// When the session began.
    let start: ContinuousClock.Instant
    private let pending: Mutex<Set<Int>>

    /// - Parameter feeds: the positions of the feeds that fetch candles.
    init(feeds: Set<Int> = [], start: ContinuousClock.Instant = .now) {
        self.start = start
        pending = Mutex(feeds)
    }

    /// The positions of the feeds whose past is not complete.
    var pendingFeeds: [Int] { pending.withLock { $0.sorted() } }

    /// Records that a feed has fetched its past, as far as the venue has it.
    func finish(feed: Int) {
        pending.withLock { _ = $0.remove(feed) }
    }
}
