import Logging
import MarketData

/// Watches over the streams of one connection: one that is silent among others that flow is compared with the venue's last
/// id. Equal means that nothing traded; ahead means that the stream is dead: it is asked for again, and if that does not
/// help, another connection takes over before this one closes.
struct StreamWatch<Adapter: VenueAdapter>: Sendable {
    /// What the wire may be behind an answer over REST.
    private static var grace: Duration { .seconds(1) }
    /// A thin stream is looked at less and less often, up to so many idle timeouts apart.
    private static var rarest: Int { 32 }

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
    }

    /// Runs until cancelled.
    func run() async throws {
        let timeout = shared.configuration.idleTimeout
        let interval = max(.milliseconds(50), min(timeout / 4, .seconds(5)))
        var watched: [InstrumentID: Watched] = [:]
        while true {
            try await Task.sleep(for: interval)
            // A connection that brings nothing at all is replaced as idle.
            guard let opened = control.openedAt, let last = shared.activity.lastTrade(ofPart: connection.part),
                ContinuousClock.now - last < timeout
            else { continue }
            for id in ids {
                let entry = shared.activity[id]
                var stream = watched[id] ?? Watched(due: opened + timeout)
                if entry.lastTrade != stream.lastTrade {
                    stream = Watched(lastTrade: entry.lastTrade, due: max(opened, entry.lastTrade ?? opened) + timeout)
                }
                if stream.due <= .now {
                    do {
                        try await look(at: id, entry, &stream)
                    } catch let failure as RequestFailure {
                        shared.counters.update { $0.failedRequests += 1 }
                        stream.due = .now + timeout
                        shared.logger.warning(
                            "the venue could not be asked about a silent stream",
                            metadata: ["stream": name(of: id), "reason": "\(failure)"]
                        )
                    }
                }
                watched[id] = stream
            }
        }
    }

    private func look(at id: InstrumentID, _ entry: StreamActivity.Entry, _ stream: inout Watched) async throws {
        let timeout = shared.configuration.idleTimeout
        stream.due = .now + timeout
        guard let latest = try await latest(of: id, entry) else { return }
        if let known = entry.lastID, latest.id <= known {
            shared.activity.prove(id, lastID: known, on: connection)
            // Dead it stays until it brings something.
            guard stream.strikes == 0 else { return }
            stream.due = .now + timeout * stream.patience
            stream.patience = min(2 * stream.patience, Self.rarest)
            return try await shared.hand([.quiet(id)])
        }
        guard entry.provenOn == connection else {
            // It may have been traded before the connection was made: from here on it is known what must come.
            try await handOver(latest, of: id, [])
            return
        }
        try await Task.sleep(for: Self.grace)
        if shared.activity[id].lastTrade != entry.lastTrade { return }
        stream.strikes += 1
        shared.logger.warning(
            stream.strikes == 1
                ? "stream is dead, asking for it again" : "stream stays dead, opening another connection",
            metadata: [
                "stream": name(of: id), "last_id": "\(entry.lastID ?? -1)", "venue_last_id": "\(latest.id)",
            ]
        )
        try await handOver(latest, of: id, [.streams([id], .dead)])
        if stream.strikes == 1 {
            shared.counters.update { $0.resubscribes += 1 }
            control.perform(.send(shared.adapter.renewal(of: [shared.streams[id]].compactMap(\.self))))
        } else {
            replace()
        }
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
        let trades = try await shared.client.ask(query)
        // Thin streams, however many, may not use up what repairs need.
        let pause =
            Duration.seconds(60) * (4 * Double(query.weight) / Double(shared.adapter.requestLimits.weightPerMinute))
        try await Task.sleep(for: min(pause, .seconds(2)))
        return trades.map(\.id).max().map { ($0, trades) }
    }

    /// Shows what is missing, as far as the venue tells it.
    private func handOver(
        _ latest: (id: Int64, trades: [Trade]),
        of id: InstrumentID,
        _ events: [FeedEvent]
    ) async throws {
        shared.activity.prove(id, lastID: latest.id, on: connection)
        let newest = latest.trades.filter { $0.id == latest.id }
        let batch = TradeBatch(trades: newest, receivedAt: WallClock.now(), isRepair: true)
        try await shared.hand(events + (newest.isEmpty ? [] : [.trades(batch)]))
    }

    private func name(of id: InstrumentID) -> Logger.MetadataValue {
        "\(shared.streams[id].map { "\($0)" } ?? "?")"
    }
}
