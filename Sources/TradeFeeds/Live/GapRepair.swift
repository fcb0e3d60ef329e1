import Logging
import MarketData

/// Fetches missing trades over REST, by id, the newest first, within the venue's limits; see ``RepairMachine``.
///
/// It stores no ids: before each request it reads the missing ids from their owner. So trades that arrived out of order
/// or over a second connection are not fetched, and gaps of an earlier run are.
struct GapRepair<Adapter: VenueAdapter>: Sendable {
    let shared: LiveFeedShared<Adapter>
    let missing: @Sendable () async -> [RepairRequest]
    let clock: VenueClockMonitor

    /// Runs until cancelled.
    func run() async throws {
        var machine = RepairMachine()
        var actions = [RepairMachine.Action.poll(after: .zero)]
        // Every event leads to a further `poll`, so only a cancellation ends the loop.
        while !actions.isEmpty {
            if let event = try await perform(actions.removeFirst()) { actions += machine.handle(event, at: .now) }
        }
    }

    private var horizon: Timestamp { clock.eventTime - shared.configuration.repairHorizonMicroseconds }

    /// - Returns: the resulting event, nil where the machine does not wait for one.
    private func perform(_ action: RepairMachine.Action) async throws -> RepairMachine.Event? {
        switch action {
        case .poll(let pause):
            try await Task.sleep(for: pause)
            let known = await missing().filter { shared.streams[$0.instrument] != nil }
            return .missing(known, horizon: horizon)
        case .request(let span, let ids):
            return try await request(span, ids)
        case .deliver(let trades, let span):
            let receivedAt = SteadyClock.now()
            let batch = TradeBatch(trades: trades, receivedAt: receivedAt, isRepair: true, numbering: span.numbering)
            try await shared.deliver([.trades(batch)])
            return .delivered(await missing())
        case .markUnrepairable(let span, let ids):
            shared.logger.warning(
                "missing trades cannot be repaired: the venue does not return them",
                metadata: ["stream": name(of: span), "ids": "\(ids)"]
            )
            try await shared.deliver([.unrepairable(span.instrument, ids: span.knownIDs(ids))])
        case .dismiss(let span, let ids):
            shared.logger.info(
                "the venue's ids begin later: no trades were missing",
                metadata: ["stream": name(of: span), "ids": "\(ids)"]
            )
            try await shared.deliver([.nonexistent(span.instrument, ids: span.knownIDs(ids))])
        case .count(let outcome):
            shared.counters.update { $0.repairRequests[outcome, default: 0] += 1 }
        case .reportFailure(let span, let reason, let wait):
            shared.logger.warning(
                "missing trades not fetched, requesting again",
                metadata: [
                    "stream": name(of: span), "ids": "\(span.ids)", "reason": "\(reason)", "wait": "\(wait)",
                ]
            )
        }
        return nil
    }

    private func request(_ span: RepairRequest, _ ids: ClosedRange<Int64>) async throws -> RepairMachine.Event {
        guard let stream = shared.streams[span.instrument] else { return .missing([], horizon: horizon) }
        let since = max(span.after, horizon)
        guard let query = shared.adapter.trades(of: stream, as: span.instrument, ids: ids, since: since) else {
            return .unanswerable
        }
        do {
            let trades = try await shared.client.send(query)
            return .answered(trades, findsByID: shared.adapter.findsTradesByID(of: stream), horizon: horizon)
        } catch let failure as RequestFailure {
            return .failed(failure)
        }
    }

    private func name(of span: RepairRequest) -> Logger.MetadataValue { "\(shared.name(of: span.instrument))" }
}
