import Logging
import MarketData
import NIOCore

/// Tries streams that the venue has refused, or may have, on a separate connection, so that a refusal does not
/// interrupt other streams; see ``TrialMachine``.
struct StreamTrials<Adapter: VenueAdapter> {
    private struct Connection {
        let handle: ConnectionHandle<Adapter>
        let events: AsyncStream<ConnectionEvent>
        let sink: AsyncStream<ConnectionEvent>.Continuation
        var task: Task<Void, Never>?
    }

    let shared: LiveFeedShared<Adapter>
    /// Reserves the next attempt to connect within the budget of the feed.
    let reserve: @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant

    /// Runs until cancelled.
    func run() async throws {
        var machine = TrialMachine(
            subscribesByMessage: shared.adapter.subscribesByMessage,
            refusesCompleteRequests: shared.adapter.refusesCompleteRequests
        )
        var connection: Connection?
        var timeout: Task<Void, any Error>?
        defer {
            timeout?.cancel()
            connection?.task?.cancel()
        }
        var actions = machine.start()
        while true {
            guard !actions.isEmpty else {
                // Without a connection, the machine always returns an action, so this is the end of the events.
                guard let events = connection?.events, let event = await events.first(where: { _ in true }) else {
                    throw CancellationError()
                }
                actions = machine.handle(.connection(event))
                continue
            }
            switch actions.removeFirst() {
            case .begin(let pause):
                try await Task.sleep(for: pause)
                actions += machine.handle(.group(shared.register.beginTrial()))
            case .connect(let group):
                try await Task.sleep(until: reserve(.now), clock: .continuous)
                connection = connect(group)
            case .subscribe(let group):
                // Streams may have been added since the connection was opened.
                connection?.handle.change(to: shared.streams.all, requesting: [])
                connection?.handle.subscribe(to: group)
            case .awaitAnswer(let request, let time):
                timeout?.cancel()
                timeout = Task { [sink = connection?.sink] in
                    try await Task.sleep(for: time)
                    sink?.yield(.answerOverdue(request: request))
                }
            case .accept(let group):
                try await shared.register.accept(group, shared)
            case .settle(let refusal):
                try await shared.register.settle(refusal, shared)
            case .abandon:
                shared.register.abandonTrial()
            case .disconnect:
                timeout?.cancel()
                connection?.task?.cancel()
                connection = nil
            }
        }
    }

    private func connect(_ group: [InstrumentID]) -> Connection {
        let streams = shared.streams.all
        let (events, sink) = AsyncStream.makeStream(of: ConnectionEvent.self)
        let handle = ConnectionHandle(adapter: shared.adapter, streams: streams)
        var connection = Connection(handle: handle, events: events, sink: sink)
        let feedConnection = FeedConnection(
            shared: shared,
            id: ConnectionID(part: ConnectionID.trial, generation: 0),
            own: streams,
            streams: group,
            dialogue: handle.dialogue,
            control: handle.control,
            events: sink
        )
        connection.task = Task {
            // Nil when it was cancelled.
            if let disconnect = await feedConnection.run() { sink.yield(.ended(generation: 0, disconnect)) }
        }
        return connection
    }
}
