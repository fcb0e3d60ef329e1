import Logging
import MarketData

/// Watches over the streams of one connection: one that is silent among others that flow is compared with the venue's last
/// id. Equal means that nothing traded; ahead means that the stream is dead: it is asked for again, and if that does not
/// help, another connection takes over before this one closes.
struct StreamWatch<Adapter: VenueAdapter>: Sendable {
    /// What the wire may be behind an answer over REST.
    private static var grace: Duration { .seconds(1) }
    /// The most idle timeouts between two looks at a thin stream, which is looked at less and less often.
    private static var rarest: Int { 4 }
    /// The idle timeouts after which a stream without a further proof is not proven alive.
    private static var proofTimeouts: Int { 3 }

    let shared: LiveFeedShared<Adapter>
    let connection: ConnectionID
    let ids: [InstrumentID]
    let control: ConnectionControl
    let replace: @Sendable () -> Void

    private struct Watched {
        var lastTrade: ContinuousClock.Instant?
        var due: ContinuousClock.Instant
        /// Idle timeouts until the next look.
        var patience = 1
        /// How often it was found dead since its last trade.
        var strikes = 0
        /// When the venue last had nothing that the stream had not brought.
        var provenAt: ContinuousClock.Instant?
        var hasLapsed = false
    }

    /// Runs until cancelled.
    func run() async throws {
        let timeout = shared.configuration.idleTimeout
        let interval = max(.milliseconds(50), min(timeout / 4, .seconds(5)))
        var watched: [InstrumentID: Watched] = [:]
        var unchecked = ids.shuffled()
        while true {
            try await Task.sleep(for: interval)
            guard let opened = control.openedAt else { continue }
            // A connection that brings nothing at all is replaced as idle.
            guard let last = shared.activity.lastTrade(ofPart: connection.part), ContinuousClock.now - last < timeout
            else {
                if opened + timeout / 2 <= .now { try await checkExistence(of: &unchecked) }
                continue
            }
            for id in shared.register.followed(of: ids) {
                let entry = shared.activity[id]
                var stream = watched[id] ?? Watched(due: opened + timeout)
                if entry.lastTrade != stream.lastTrade {
                    _ = shared.register.admit(id)
                    stream = Watched(lastTrade: entry.lastTrade, due: max(opened, entry.lastTrade ?? opened) + timeout)
                }
                if stream.due <= .now {
                    do {
                        let isKnown = try await look(at: id, entry, &stream)
                        if !isKnown { try await lapse(id, entry, &stream, because: "the venue has no trade of it") }
                    } catch let failure as RequestFailure {
                        try await record(failure, about: id, entry, &stream)
                    }
                }
                watched[id] = stream
            }
        }
    }

    /// Asks, once, whether the venue has the streams of a connection that brings nothing.
    private func checkExistence(of unchecked: inout [InstrumentID]) async throws {
        let followed = Set(shared.register.followed(of: unchecked))
        while let id = unchecked.popLast() {
            guard followed.contains(id) else { continue }
            do {
                _ = try await latest(of: id, StreamActivity.Entry())
            } catch let failure as RequestFailure {
                shared.counters.update { $0.failedRequests += 1 }
                guard shared.adapter.isUnknownInstrument(failure) else { return }
                try await deny(id, failure)
            }
        }
    }

    private func record(
        _ failure: RequestFailure,
        about id: InstrumentID,
        _ entry: StreamActivity.Entry,
        _ stream: inout Watched
    ) async throws {
        shared.counters.update { $0.failedRequests += 1 }
        if shared.adapter.isUnknownInstrument(failure) {
            stream.due = .now + shared.configuration.idleTimeout * stream.patience
            stream.patience = min(2 * stream.patience, Self.rarest)
            return try await deny(id, failure)
        }
        stream.due = .now + shared.configuration.idleTimeout
        shared.logger.warning(
            "the venue could not be asked about a silent stream",
            metadata: ["stream": name(of: id), "reason": "\(failure)"]
        )
        try await lapse(id, entry, &stream, because: "\(failure)")
    }

    private func deny(_ id: InstrumentID, _ failure: RequestFailure) async throws {
        guard shared.register.deny(id) else { return }
        shared.logger.warning(
            "the venue has no such instrument, or has it no more",
            metadata: ["stream": name(of: id), "reason": "\(failure)"]
        )
        try await shared.hand([.streams([id], .refused)])
    }

    /// Ends what a stream was proven by, once that is too long ago.
    private func lapse(
        _ id: InstrumentID,
        _ entry: StreamActivity.Entry,
        _ stream: inout Watched,
        because reason: String
    ) async throws {
        guard !stream.hasLapsed else { return }
        if let proof = [entry.lastTrade, stream.provenAt].compactMap(\.self).max(),
            ContinuousClock.now - proof < shared.configuration.idleTimeout * Self.proofTimeouts
        {
            return
        }
        stream.hasLapsed = true
        shared.logger.warning(
            "nothing proves that a silent stream is alive",
            metadata: ["stream": name(of: id), "reason": "\(reason)"]
        )
        try await shared.hand([.streams([id], .waiting)])
    }

    /// Compares a stream with the venue's last trade; false where the venue has none.
    private func look(at id: InstrumentID, _ entry: StreamActivity.Entry, _ stream: inout Watched) async throws -> Bool
    {
        let timeout = shared.configuration.idleTimeout
        stream.due = .now + timeout
        guard let latest = try await latest(of: id, entry) else { return false }
        if shared.register.admit(id) { try await shared.hand([.streams([id], .listed)]) }
        // A lower id of a newer trade belongs to a numbering that the stream has not brought yet.
        let isNewer = latest.trades.contains { $0.time > entry.lastTradeTime }
        if let known = entry.lastID, latest.id == known || (latest.id < known && !isNewer) {
            shared.activity.prove(id, lastID: known, on: connection)
            // Dead it stays until it brings something.
            guard stream.strikes == 0 else { return true }
            stream.due = .now + timeout * stream.patience
            stream.patience = min(2 * stream.patience, Self.rarest)
            stream.provenAt = .now
            stream.hasLapsed = false
            try await shared.hand([.quiet(id)])
            return true
        }
        guard entry.provenOn == connection else {
            // It may have been traded before the connection was made: from here on it is known what must come.
            try await handOver(latest, of: id, [])
            return true
        }
        try await Task.sleep(for: Self.grace)
        if shared.activity[id].lastTrade != entry.lastTrade { return true }
        stream.strikes += 1
        shared.logger.warning(
            stream.strikes == 1
                ? "stream is dead, asking for it again" : "stream stays dead, opening another connection",
            metadata: [
                "stream": name(of: id), "last_id": .stringConvertible(entry.lastID ?? -1),
                "venue_last_id": "\(latest.id)",
            ]
        )
        try await handOver(latest, of: id, [.streams([id], .dead)])
        if stream.strikes == 1 {
            shared.counters.update { $0.resubscribes += 1 }
            control.perform(.send(shared.adapter.renewal(of: [shared.streams[id]].compactMap(\.self))))
        } else {
            replace()
        }
        return true
    }

    /// The venue's last id, with its trades where REST was asked.
    private func latest(
        of id: InstrumentID,
        _ entry: StreamActivity.Entry
    ) async throws -> (id: Int64, trades: [Trade])? {
        if let heartbeat = entry.heartbeat, ContinuousClock.now - heartbeat.instant < shared.configuration.idleTimeout {
            return (heartbeat.lastID, [])
        }
        guard let stream = shared.streams[id], let query = shared.adapter.latestTrades(of: stream, as: id) else {
            return nil
        }
        let trades = try await shared.client.ask(query, patience: shared.configuration.idleTimeout)
        // Thin streams, however many, may not use up what repairs need.
        let pause =
            Duration.seconds(60) * (4 * Double(query.weight) / Double(shared.adapter.requestLimits.weightPerMinute))
        try await Task.sleep(for: min(pause, .seconds(2)))
        return trades.map(\.id).filter(TradeSequence.validIDs.contains).max().map { ($0, trades) }
    }

    /// Shows what is missing, as far as the venue tells it.
    private func handOver(
        _ latest: (id: Int64, trades: [Trade]),
        of id: InstrumentID,
        _ events: [FeedEvent]
    ) async throws {
        let known = shared.activity[id].lastTradeTime
        shared.activity.prove(id, lastID: latest.id, time: latest.trades.map(\.time).max(), on: connection)
        let newest = latest.trades.filter { $0.id == latest.id || $0.time > known }.sorted { $0.id < $1.id }
        let batch = TradeBatch(trades: newest, receivedAt: SteadyClock.now(), isRepair: true)
        try await shared.hand(events + (newest.isEmpty ? [] : [.trades(batch)]))
    }

    private func name(of id: InstrumentID) -> Logger.MetadataValue { "\(shared.name(of: id))" }
}
