package import MarketData
import Synchronization
package import TradeFeeds

/// Stores the events of a feed.
package final class EventCollector: Sendable {
    /// The events by kind, in order.
    package struct Events: Sendable {
        package var trades: [Trade] = []
        package var batches = 0
        package var states: [FeedState] = []
        package var times: [(time: Timestamp, isFlowing: Bool)] = []
        package var endings: [Timestamp?] = []
        package var health: [(InstrumentID, StreamHealth)] = []
        package var quiet: [InstrumentID] = []
        package var unrepairable: [ClosedRange<Int64>] = []
        package var nonexistent: [ClosedRange<Int64>] = []
        package var clockOffsets: [Int64] = []
    }

    private let state = Mutex(Events())

    /// A collector without events.
    package init() {}

    /// The events so far.
    package var events: Events { state.withLock { $0 } }

    /// Stores an event.
    package func record(_ event: FeedEvent) {
        state.withLock { events in
            switch event {
            case .trades(let batch):
                events.trades += batch.trades
                events.batches += 1
            case .time(let time, let isFlowing): events.times.append((time, isFlowing))
            case .state(let state): events.states.append(state)
            case .ended(let time): events.endings.append(time)
            case .streams(let ids, let health): events.health += ids.map { ($0, health) }
            case .quiet(let id): events.quiet.append(id)
            case .unrepairable(_, let ids): events.unrepairable.append(ids)
            case .nonexistent(_, let ids): events.nonexistent.append(ids)
            case .clockOffset(let offset): events.clockOffsets += [offset].compactMap(\.self)
            }
        }
    }

    /// Runs a feed until `condition` holds for its events, and cancels it.
    package static func run(
        _ feed: some TradeFeed,
        resuming positions: [InstrumentID: StreamPosition] = [:],
        until condition: @escaping @Sendable (Events) -> Bool
    ) async throws -> Events {
        let collector = EventCollector()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await feed.run(resuming: positions) { collector.record($0) }
            }
            group.addTask { try await eventually { collector.state.withLock { condition($0) } } }
            defer { group.cancelAll() }
            try await group.next()
        }
        return collector.events
    }
}

/// Waits until a condition holds, for a number of checks that take a minute on an idle machine. On a busy machine both
/// the events and the checks take longer.
package func eventually(_ condition: () -> Bool) async throws {
    for _ in 0..<12_000 {
        if condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw TestTimeout()
}

/// A condition did not hold in time.
package struct TestTimeout: Error {
    package init() {}
}
