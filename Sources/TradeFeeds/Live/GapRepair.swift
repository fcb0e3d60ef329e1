import Logging
import MarketData

/// Fetches missing trades over REST, by id, the newest first, within the venue's limits.
///
/// It holds no ids of its own: what is missing is asked of the owner of the ids before each request, so that trades which
/// came out of order or in a second connection are not fetched, and what an earlier run left open is.
struct GapRepair<Adapter: VenueAdapter>: Sendable {
    private static var pollInterval: Duration { .milliseconds(250) }
    /// What is only out of order gets so long to come by itself.
    private static var settling: Duration { .milliseconds(500) }
    /// How often an answer may leave ids out before they are given up: the venue's REST may be behind its sockets.
    private static var attempts: Int { 10 }
    private static var longestWait: Duration { .seconds(30) }

    let shared: LiveFeedShared<Adapter>
    let missing: @Sendable () async -> [MissingTrades]
    let clock: ClockWatch

    private struct Attempt {
        var due: ContinuousClock.Instant
        var count = 0
    }

    /// Runs until cancelled.
    func run() async throws {
        var attempts: [MissingTrades: Attempt] = [:]
        /// Older ids of a stream than these lie beyond the horizon.
        var floors: [InstrumentID: Int64] = [:]
        var failures = 0
        while true {
            let known = await missing()
            let wanted = known.compactMap { worthAsking($0, floors) }
            attempts = attempts.filter { entry in wanted.contains(entry.key) }
            for hole in wanted where attempts[hole] == nil { attempts[hole] = Attempt(due: .now + Self.settling) }
            guard let hole = wanted.filter({ (attempts[$0]?.due ?? .now) <= .now }).max(by: { $0.before < $1.before }),
                var attempt = attempts[hole]
            else {
                try await Task.sleep(for: Self.pollInterval)
                continue
            }
            do {
                let isNew = try await repair(hole, isLastAttempt: attempt.count + 1 >= Self.attempts, &floors)
                failures = 0
                if !isNew {
                    attempt.count += 1
                    attempt.due = .now + min(Self.longestWait, .seconds(1) * (1 << min(attempt.count - 1, 5)))
                    attempts[hole] = attempt
                }
            } catch let failure as RequestFailure {
                shared.counters.update { $0.repairRequests[failure.outcome, default: 0] += 1 }
                failures += 1
                let wait = min(Self.longestWait, .milliseconds(500) * (1 << min(failures - 1, 6)))
                shared.logger.warning(
                    "missing trades not fetched, asking again",
                    metadata: [
                        "stream": name(of: hole), "ids": "\(hole.ids)", "reason": "\(failure)", "wait": "\(wait)",
                    ]
                )
                try await Task.sleep(for: wait)
            }
        }
    }

    /// What of a hole lies within the horizon, as far as that is known.
    private func worthAsking(_ hole: MissingTrades, _ floors: [InstrumentID: Int64]) -> MissingTrades? {
        let horizon = clock.eventTime - shared.configuration.repairHorizonMicroseconds
        guard hole.before >= horizon, shared.streams[hole.instrument] != nil else { return nil }
        guard let floor = floors[hole.instrument], floor > hole.ids.lowerBound else { return hole }
        guard floor <= hole.ids.upperBound else { return nil }
        return MissingTrades(instrument: hole.instrument, ids: floor...hole.ids.upperBound, before: hole.before)
    }

    /// Asks for the newest page of a hole.
    /// - Returns: whether anything became known.
    private func repair(
        _ hole: MissingTrades,
        isLastAttempt: Bool,
        _ floors: inout [InstrumentID: Int64]
    ) async throws -> Bool {
        guard let stream = shared.streams[hole.instrument],
            let query = shared.adapter.trades(of: stream, as: hole.instrument, ids: hole.ids)
        else {
            try await giveUp(hole, hole.ids)
            return true
        }
        let answer = try await shared.client.ask(query).sorted { $0.id < $1.id }
        let receivedAt = WallClock.now()
        let horizon = clock.eventTime - shared.configuration.repairHorizonMicroseconds
        let page = answer.filter { hole.ids.contains($0.id) }
        let inTime = page.filter { $0.time >= horizon }
        if inTime.count < page.count {
            floors[hole.instrument] = max(inTime.first?.id ?? hole.ids.upperBound + 1, floors[hole.instrument] ?? 0)
        }
        shared.counters.update { $0.repairRequests[page.isEmpty ? .nothing : .success, default: 0] += 1 }
        if !inTime.isEmpty {
            try await shared.hand([.trades(TradeBatch(trades: inTime, receivedAt: receivedAt, isRepair: true))])
        }
        guard let oldest = answer.first?.id else {
            if isLastAttempt { try await giveUp(hole, hole.ids) }
            return isLastAttempt
        }
        // What the venue tells only while it is new is gone once it is older than all that the answer holds.
        if !shared.adapter.findsTradesByID(of: stream), oldest > hole.ids.lowerBound {
            try await giveUp(hole, hole.ids.lowerBound...min(hole.ids.upperBound, oldest - 1))
            return true
        }
        if page.isEmpty, isLastAttempt {
            try await giveUp(hole, hole.ids)
            return true
        }
        return !page.isEmpty
    }

    private func giveUp(_ hole: MissingTrades, _ ids: ClosedRange<Int64>) async throws {
        shared.logger.warning(
            "missing trades cannot be repaired: the venue does not tell them",
            metadata: ["stream": name(of: hole), "ids": "\(ids)"]
        )
        try await shared.hand([.unrepairable(hole.instrument, ids: ids)])
    }

    private func name(of hole: MissingTrades) -> Logger.MetadataValue {
        "\(shared.streams[hole.instrument].map { "\($0)" } ?? "?")"
    }
}
