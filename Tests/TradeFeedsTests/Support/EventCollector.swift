import MarketData
import Synchronization
import TradeFeeds

/// Stores the events of a feed.
final class EventCollector: Sendable {
    struct Events {
        var trades: [Trade] = []
        var batches = 0
        var states: [FeedState] = []
        var times: [(time: Timestamp, isFlowing: Bool)] = []
        var endings: [Timestamp?] = []
        var health: [(InstrumentID, StreamHealth)] = []
        var quiet: [InstrumentID] = []
        var unrepairable: [ClosedRange<Int64>] = []
        var nonexistent: [ClosedRange<Int64>] = []
        var clockOffsets: [Int64] = []
    }

    private let state = Mutex(Events())

    var events: Events { state.withLock { $0 } }

    func record(_ event: FeedEvent) {
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
    static func run(
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
func eventually(_ condition: () -> Bool) async throws {
    for _ in 0..<12_000 {
        if condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw TestTimeout()
}

struct TestTimeout: Error {}
