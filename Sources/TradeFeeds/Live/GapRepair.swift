import Logging
import MarketData

/// Fetches missing trades over REST, by id, the newest first, within the venue's limits.
///
/// It holds no ids of its own: what is missing is asked of the owner of the ids before each request, so that trades which
/// came out of order or in a second connection are not fetched, and what an earlier run left open is.
struct GapRepair<Adapter: VenueAdapter>: Sendable {
    private static var pollInterval: Duration { .milliseconds(250) }
    private static var longestWait: Duration { .seconds(30) }
    private static var longestRefusedWait: Duration { .seconds(2) }
    /// How many ids one question about the oldest of a gap spans; no venue answers with more.
    private static var page: Int64 { 1000 }

    let shared: LiveFeedShared<Adapter>
    let missing: @Sendable () async -> [RepairRequest]
    let clock: ClockWatch

    /// Runs until cancelled.
    func run() async throws {
        var queue = RepairQueue()
        var failures = 0
        while true {
            let known = await missing().filter { shared.streams[$0.instrument] != nil }
            guard let request = queue.next(of: known, from: horizon, at: .now) else {
                try await Task.sleep(for: Self.pollInterval)
                continue
            }
            let gap = request.span
            do {
                let isNew = try await repair(request, &queue)
                failures = 0
                if !isNew { queue.wasInVain(request, at: .now) }
            } catch let failure as RequestFailure {
                shared.counters.update { $0.repairRequests[failure.outcome, default: 0] += 1 }
                failures += 1
                let wait = min(Self.longestWait, .milliseconds(500) * (1 << min(failures - 1, 6)))
                shared.logger.warning(
                    "missing trades not fetched, asking again",
                    metadata: [
                        "stream": name(of: gap), "ids": "\(gap.ids)", "reason": "\(failure)", "wait": "\(wait)",
                    ]
                )
                // What the venue refuses, as the ids of an instrument that it has no more, may not keep others waiting.
                let isRefused = failure.outcome == .refused
                if isRefused { queue.wasInVain(request, at: .now) }
                try await Task.sleep(for: isRefused ? min(wait, Self.longestRefusedWait) : wait)
            }
        }
    }

    private var horizon: Timestamp { clock.eventTime - shared.configuration.repairHorizonMicroseconds }

    /// Asks for the newest page of what is missing.
    /// - Returns: whether anything became known.
    private func repair(_ request: RepairQueue.Request, _ queue: inout RepairQueue) async throws -> Bool {
        let span = request.span
        guard let stream = shared.streams[span.instrument],
            let query = shared.adapter.trades(of: stream, as: span.instrument, ids: span.ids)
        else {
            try await giveUp(span, span.ids)
            return true
        }
        let answer = try await shared.client.ask(query).sorted { $0.id < $1.id }
        let isTaken = try await hand(answer, of: span, &queue)
        let findsByID = shared.adapter.findsTradesByID(of: stream)
        let isBeyond = findsByID && answer.first.map { $0.id > span.ids.upperBound } ?? false
        let limit = isBeyond || span.mayBeginLater ? RepairQueue.attemptsBeyond : RepairQueue.attempts
        let isLastAttempt = request.vainAttempts + 1 >= limit
        if isTaken, let oldest = answer.first?.id, findsByID || oldest <= span.ids.lowerBound {
            if findsByID, span.mayBeginLater, span.ids.count <= Self.page, oldest > span.ids.lowerBound {
                try await dismiss(span, span.ids.lowerBound...(oldest - 1))
            }
            return true
        }
        // What the venue tells only while it is new is gone once it is older than all that the answer holds.
        if !findsByID, !span.mayBeginLater, let oldest = answer.first?.id, oldest > span.ids.lowerBound {
            try await giveUp(span, span.ids.lowerBound...min(span.ids.upperBound, oldest - 1))
            return true
        }
        guard isLastAttempt, !isTaken else { return isTaken }
        if span.mayBeginLater, isBeyond || answer.isEmpty {
            try await dismiss(span, span.ids)
        } else if findsByID, span.ids.count > Self.page, try await findsOldest(of: stream, span, &queue) {
            return true
        } else {
            let last = min(span.ids.upperBound, max(request.through, span.ids.lowerBound))
            try await giveUp(span, span.ids.lowerBound...last)
        }
        return true
    }

    /// Asks for the oldest page of a long gap before all of it is given up: where ids jump ahead, only those before the
    /// jump exist.
    private func findsOldest(
        of stream: TradeStream,
        _ span: RepairRequest,
        _ queue: inout RepairQueue
    ) async throws -> Bool {
        let oldest = span.ids.lowerBound...min(span.ids.upperBound, span.ids.lowerBound + Self.page - 1)
        guard let query = shared.adapter.trades(of: stream, as: span.instrument, ids: oldest) else { return false }
        let answer = try await shared.client.ask(query).sorted { $0.id < $1.id }
        guard try await hand(answer, of: span, &queue) else { return false }
        // An answer that goes on beyond the gap has all that lies in it.
        if let last = answer.last(where: { $0.id <= span.ids.upperBound })?.id, last < span.ids.upperBound,
            answer.contains(where: { $0.id > span.ids.upperBound })
        {
            try await giveUp(span, (last + 1)...span.ids.upperBound)
        }
        return true
    }

    /// Hands over the missing trades of an answer.
    /// - Returns: whether any of it was of use.
    private func hand(_ answer: [Trade], of span: RepairRequest, _ queue: inout RepairQueue) async throws -> Bool {
        let receivedAt = SteadyClock.now()
        let horizon = horizon
        let page = span.missing(of: answer)
        let inTime = page.filter { $0.time >= horizon }
        if inTime.count < page.count { queue.setFloor(inTime.first?.id ?? span.ids.upperBound + 1, of: span) }
        shared.counters.update { $0.repairRequests[page.isEmpty ? .nothing : .success, default: 0] += 1 }
        guard !inTime.isEmpty else { return !page.isEmpty }
        let batch = TradeBatch(trades: inTime, receivedAt: receivedAt, isRepair: true, numbering: span.numbering)
        try await shared.hand([.trades(batch)])
        let left = await missing().filter { $0.instrument == span.instrument && $0.numbering == span.numbering }
        let leftCount = left.reduce(0) { $0 + $1.missing(of: inTime).count }
        return leftCount < inTime.count
    }

    private func giveUp(_ span: RepairRequest, _ ids: ClosedRange<Int64>) async throws {
        shared.logger.warning(
            "missing trades cannot be repaired: the venue does not tell them",
            metadata: ["stream": name(of: span), "ids": "\(ids)"]
        )
        try await shared.hand([.unrepairable(span.instrument, ids: span.knownIDs(ids))])
    }

    private func dismiss(_ span: RepairRequest, _ ids: ClosedRange<Int64>) async throws {
        shared.logger.info(
            "the venue's numbering begins later: no trades were missing",
            metadata: ["stream": name(of: span), "ids": "\(ids)"]
        )
        try await shared.hand([.nonexistent(span.instrument, ids: span.knownIDs(ids))])
    }

    private func name(of gap: RepairRequest) -> Logger.MetadataValue {
        "\(shared.streams[gap.instrument].map { "\($0)" } ?? "?")"
    }
}
