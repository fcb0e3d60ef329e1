import Logging
import MarketData
import Synchronization

/// What time it is for a feed: the venue's clock, asked for now and then, and the feed's own in event time.
final class ClockWatch: Sendable {
    private static let interval = Duration.seconds(60)
    private static let firstInterval = Duration.seconds(2)

    private let offset = Mutex(ClockOffset())
    private let shown = Mutex<Timestamp?>(nil)

    /// Microseconds by which the venue's clock is ahead, nil before its first answer.
    var microseconds: Int64? { offset.withLock { $0.microseconds } }

    /// The venue's time as far as it is known.
    var now: Timestamp { WallClock.now() + (microseconds ?? 0) }

    /// The feed's present in event time; the venue's time before the first trade.
    var eventTime: Timestamp { shown.withLock { $0 } ?? now }

    /// Hears what the feed's clock shows.
    func show(_ time: Timestamp) {
        shown.withLock { $0 = time }
    }

    /// Asks once.
    func measure(_ query: VenueQuery<Timestamp>, _ client: VenueClient) async throws {
        let sent = WallClock.now()
        let (time, received) = try await client.ask(
            VenueQuery(target: query.target, weight: query.weight) { (try query.read($0), WallClock.now()) }
        )
        // Where the request had to wait for its turn the time says nothing.
        offset.withLock { $0.take(venueTime: time, sent: sent, received: received) }
    }

    /// Asks until cancelled, and tells what it finds.
    func run<Adapter: VenueAdapter>(_ shared: LiveFeedShared<Adapter>) async throws {
        guard let query = shared.adapter.serverTime() else { return }
        var answers = 0
        while true {
            do {
                try await measure(query, shared.client)
                answers += 1
                if let microseconds { try await shared.hand([.clockOffset(microseconds)]) }
            } catch let failure as RequestFailure {
                shared.counters.update { $0.failedRequests += 1 }
                shared.logger.warning("the venue's clock could not be read", metadata: ["reason": "\(failure)"])
            }
            try await Task.sleep(for: answers > 0 && answers < 4 ? Self.firstInterval : Self.interval)
        }
    }
}
