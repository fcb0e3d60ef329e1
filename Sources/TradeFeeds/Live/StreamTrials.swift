import Logging
import MarketData
import NIOCore

/// Tries streams that the venue has refused, or may have, on a connection of their own, so that a refusal disturbs no
/// stream that flows.
struct StreamTrials<Adapter: VenueAdapter>: Sendable {
    private static var pollInterval: Duration { .milliseconds(250) }
    /// A venue that has not refused a request by then accepts it.
    private static var answerTime: Duration { .seconds(10) }
    /// After a trial that could not be made; it doubles, so that trials leave the connections their attempts.
    private static var firstPause: Duration { .seconds(2) }
    private static var longestPause: Duration { .seconds(60) }

    let shared: LiveFeedShared<Adapter>
    /// Books the next attempt to connect within the budget of the feed.
    let reserve: @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant

    private enum Answer {
        case accepted
        case refused(SubscriptionRefusal)
        case ended
    }

    /// Runs until cancelled.
    func run() async throws {
        var pause = Self.firstPause
        while true {
            guard let group = shared.register.beginTrial() else {
                try await Task.sleep(for: Self.pollInterval)
                continue
            }
            try await Task.sleep(until: reserve(.now), clock: .continuous)
            if try await attempt(group) {
                pause = Self.firstPause
            } else {
                shared.register.abandonTrial()
                try await Task.sleep(for: pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    /// Opens a connection and tries a group of streams on it, and the next groups as long as it stays open.
    /// - Returns: whether the venue answered.
    private func attempt(_ group: [InstrumentID]) async throws -> Bool {
        let (events, sink) = AsyncStream.makeStream(of: KeeperEvent.self)
        let dialogue = SubscriptionDialogue(streams: shared.streams)
        let control = ConnectionControl()
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            defer { tasks.cancelAll() }
            tasks.addTask { await connect(group, dialogue, control, sink) }
            var iterator = events.makeAsyncIterator()
            var group = group
            var hasAnswered = false
            var number = 0
            while true {
                number += 1
                switch try await answer(to: number, control, sink, &iterator) {
                case .accepted:
                    hasAnswered = true
                    try await shared.register.accept(group, shared)
                case .refused(let refusal):
                    hasAnswered = true
                    try await shared.register.settle(refusal, shared)
                    let rest = group.filter { !refusal.streams.contains($0) }
                    group = rest
                    if shared.adapter.refusesWholeRequests {
                        if !rest.isEmpty {
                            ask(rest, dialogue, control)
                            continue
                        }
                    } else if !dialogue.isAnswered {
                        continue
                    } else if shared.adapter.subscribesByMessage {
                        try await shared.register.accept(rest, shared)
                    }
                case .ended:
                    // Some venues end a connection with a refusal.
                    if hasAnswered { shared.register.abandonTrial() }
                    return hasAnswered
                }
                // Where the endpoint names the streams each trial is a connection.
                guard shared.adapter.subscribesByMessage, control.openedAt != nil,
                    let next = shared.register.beginTrial()
                else { return true }
                group = next
                ask(group, dialogue, control)
            }
        }
    }

    private func ask(_ group: [InstrumentID], _ dialogue: SubscriptionDialogue, _ control: ConnectionControl) {
        dialogue.ask(group)
        control.perform(.send(shared.adapter.subscription(to: group.compactMap { shared.streams[$0] })))
    }

    /// The next answer to a request.
    /// - Parameter number: of the request on its connection.
    private func answer(
        to number: Int,
        _ control: ConnectionControl,
        _ sink: AsyncStream<KeeperEvent>.Continuation,
        _ events: inout AsyncStream<KeeperEvent>.Iterator
    ) async throws -> Answer {
        let timeout = Task {
            try await Task.sleep(for: Self.answerTime)
            sink.yield(.timeout(trial: number))
        }
        defer { timeout.cancel() }
        while let event = await events.next() {
            switch event {
            case .refused(_, let refusal): return .refused(refusal)
            case .accepted: return .accepted
            case .opened where !shared.adapter.subscribesByMessage: return .accepted
            case .timeout(number): return control.openedAt == nil ? .ended : .accepted
            case .ended: return .ended
            default: continue
            }
        }
        throw CancellationError()
    }

    private func connect(
        _ group: [InstrumentID],
        _ dialogue: SubscriptionDialogue,
        _ control: ConnectionControl,
        _ events: AsyncStream<KeeperEvent>.Continuation
    ) async {
        let disconnect = await FeedConnection(
            shared: shared,
            id: ConnectionID(part: ConnectionID.trial, generation: 0),
            own: shared.streams,
            streams: group,
            dialogue: dialogue,
            control: control,
            events: events
        ).run()
        if let disconnect { events.yield(.ended(generation: 0, disconnect)) }
    }
}
