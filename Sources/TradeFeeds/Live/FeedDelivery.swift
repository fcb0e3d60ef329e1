import MarketData
import NIOCore

/// The consumer of a live feed's queue and the only owner of the feed's clock, state and sink.
struct FeedDelivery {
    private let queue: FeedSignalQueue
    private let counters: FeedCounters
    private let clockMonitor: VenueClockMonitor
    private var clock = EventClock()
    private var gate = TradeTimeGate()
    private var board = ConnectionBoard()
    private var shown = FeedState.stopped
    /// Streams that were removed; nothing more is delivered of them.
    private var removed: Set<InstrumentID> = []

    init(queue: FeedSignalQueue, counters: FeedCounters, clock: VenueClockMonitor) {
        self.queue = queue
        self.counters = counters
        clockMonitor = clock
        gate.setOffset(clock.microseconds, at: SteadyClock.now())
    }

    /// Runs until cancelled or until the sink throws.
    mutating func run(
        _ signals: FeedSignalQueue.Sequence,
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        for await signal in signals {
            var changedAt: ContinuousClock.Instant?
            switch signal {
            case .trades(let batch, let instant):
                for batch in gate.admit(batch) { try await pass(batch, at: instant, to: sink) }
            case .connection(let connection, let state, let instant):
                board.set(state, of: connection)
                changedAt = instant
            case .ended(let connection, let state, let instant):
                let lost = board.end(connection, then: state)
                if !lost.isEmpty { try await sink(.streams(lost, .waiting)) }
                changedAt = instant
            case .streams(let parts, let change, let receipt):
                board.update(to: parts)
                removed.formUnion(change.removed)
                removed.subtract(change.added)
                receipt?.finish()
                changedAt = .now
            case .found(let events, let receipt):
                for event in events { try await pass(event, to: sink) }
                receipt.finish()
            case .tick(let instant):
                queue.tickProcessed()
                for batch in gate.advance(to: SteadyClock.time(at: instant)) {
                    try await pass(batch, at: instant, to: sink)
                }
                if let time = clock.now(at: instant) {
                    clockMonitor.show(time)
                    try await sink(.time(time, isFlowing: board.isAnyFlowing))
                }
            }
            if let changedAt { try await showState(at: changedAt, to: sink) }
        }
    }

    private mutating func showState(
        at instant: ContinuousClock.Instant,
        to sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        guard board.state != shown else { return }
        let hasStopped = shown == .flowing
        shown = board.state
        counters.update { [shown] in $0.state = shown }
        try await sink(.state(shown))
        // A reconnect may be complete before the next tick, and the consumer must be informed of every interruption.
        if hasStopped, let time = clock.now(at: instant) {
            try await sink(.time(time, isFlowing: board.isAnyFlowing))
        }
    }

    private mutating func pass(
        _ batch: TradeBatch,
        at instant: ContinuousClock.Instant,
        to sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        let batch = followed(batch)
        guard !batch.trades.isEmpty else { return }
        if !batch.isRepair, let greatest = batch.greatestTime { clock.observe(greatest, at: instant) }
        try await sink(.trades(batch))
    }

    /// Delivers the events of the checks and of the repair; requested trades pass the gate like all others.
    private mutating func pass(
        _ event: FeedEvent,
        to sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        switch event {
        case .trades(let batch):
            for batch in gate.admit(batch) { try await pass(batch, at: .now, to: sink) }
        case .clockOffset(let microseconds):
            gate.setOffset(microseconds, at: SteadyClock.now())
            try await sink(event)
        case .streams(let ids, let health):
            let ids = ids.filter { !removed.contains($0) }
            if !ids.isEmpty { try await sink(.streams(ids, health)) }
        case .quiet(let id), .unrepairable(let id, _), .nonexistent(let id, _):
            if !removed.contains(id) { try await sink(event) }
        case .time, .state, .ended:
            try await sink(event)
        }
    }

    /// The trades of a batch whose streams are followed.
    private func followed(_ batch: TradeBatch) -> TradeBatch {
        guard !removed.isEmpty, batch.trades.contains(where: { removed.contains($0.instrument) }) else { return batch }
        var batch = batch
        batch.trades.removeAll { removed.contains($0.instrument) }
        return batch
    }
}
