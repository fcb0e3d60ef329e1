import Logging
import MarketData
import Synchronization

/// The clocks of a feed: the venue's clock, measured at intervals, and the feed's own clock in event time.
final class VenueClockMonitor: Sendable {
    private static let interval = Duration.seconds(60)
    private static let firstInterval = Duration.seconds(2)
    /// The interval between two readings of the wall clock.
    private static let pollInterval = Duration.milliseconds(250)

    private struct State {
        var offset = ClockOffset()
        /// Counts how often the measurements were removed.
        var generation = 0
        var shown: Timestamp?
    }

    private let state = Mutex(State())

    /// Microseconds by which the venue's clock is ahead of ``SteadyClock``, nil before the first response.
    var microseconds: Int64? { state.withLock { $0.offset.microseconds } }

    /// The venue's time, or the wall clock's before the first response.
    var now: Timestamp { microseconds.map { SteadyClock.now() + $0 } ?? WallClock.now() }

    /// The feed's present in event time; the venue's time before the first trade.
    var eventTime: Timestamp { state.withLock { $0.shown } ?? now }

    /// Records the time of the feed's clock.
    func show(_ time: Timestamp) {
        state.withLock { $0.shown = time }
    }

    /// Measures the offset once.
    func measure(_ query: RESTRequest<Timestamp>, _ client: VenueClient) async throws {
        let sent = SteadyClock.now()
        let (time, received) = try await client.send(
            RESTRequest(target: query.target, weight: query.weight) { (try query.read($0), SteadyClock.now()) }
        )
        state.withLock { $0.offset.record(venueTime: time, sent: sent, received: received) }
    }

    /// Measures until cancelled, and delivers the results to the feed.
    func run<Adapter: VenueAdapter>(_ shared: LiveFeedShared<Adapter>) async throws {
        guard let query = shared.adapter.serverTime() else { return }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.watchWallClock(shared) }
            group.addTask { try await self.measureRepeatedly(query, shared) }
            try await group.waitForAll()
        }
    }

    private func measureRepeatedly<Adapter: VenueAdapter>(
        _ query: RESTRequest<Timestamp>,
        _ shared: LiveFeedShared<Adapter>
    ) async throws {
        var answers = 0
        while true {
            let generation = state.withLock { $0.generation }
            do {
                try await measure(query, shared.client)
                answers += 1
                if let microseconds { try await shared.deliver([.clockOffset(microseconds)]) }
            } catch let failure as RequestFailure {
                shared.counters.update { $0.failedRequests += 1 }
                shared.logger.warning("the venue's clock could not be read", metadata: ["reason": "\(failure)"])
            }
            let due = ContinuousClock.now + (answers > 0 && answers < 4 ? Self.firstInterval : Self.interval)
            while due > .now {
                try await Task.sleep(for: min(Self.pollInterval, ContinuousClock.now.duration(to: due)))
                guard state.withLock({ $0.generation }) == generation else {
                    answers = 0
                    break
                }
            }
        }
    }

    /// Removes the measurements when the wall clock is adjusted. Trade times are compared with the steady clock, which
    /// stops while a virtual machine is paused; a step of the wall clock is the sign of such a pause.
    private func watchWallClock<Adapter: VenueAdapter>(_ shared: LiveFeedShared<Adapter>) async throws {
        var steps = WallClockSteps()
        while true {
            if steps.readClocks() != nil {
                state.withLock { state in
                    state.offset.reset()
                    state.generation += 1
                }
                try await shared.deliver([.clockOffset(nil)])
            }
            try await Task.sleep(for: Self.pollInterval)
        }
    }
}
