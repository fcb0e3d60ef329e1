import Logging
import MarketData

/// Compares the silent streams of one connection with the venue's last trades; see ``StaleStreamMachine``.
struct StaleStreamDetector<Adapter: VenueAdapter>: Sendable {
    let shared: LiveFeedShared<Adapter>
    let connection: ConnectionID
    let control: ConnectionControl
    let replace: @Sendable () -> Void

    /// Runs until cancelled.
    func run() async throws {
        guard let opened = control.openedAt else { return }
        let timeout = shared.configuration.idleTimeout
        let interval = max(.milliseconds(50), min(timeout / 4, .seconds(5)))
        var machine = StaleStreamMachine(connection: connection, opened: opened, timeout: timeout)
        while true {
            try await Task.sleep(for: interval)
            guard control.openedAt != nil else { continue }
            let streams = shared.register.followed(byPart: connection.part)
            // A connection without any trade is replaced by the idle check.
            guard let last = shared.activity.lastTrade(ofPart: connection.part), ContinuousClock.now - last < timeout
            else {
                try await handle(.silent(streams), with: &machine)
                continue
            }
            try await handle(.flowing(streams), with: &machine)
            for id in streams { try await handle(.observed(id, shared.activity[id]), with: &machine) }
        }
    }

    private func handle(_ event: StaleStreamMachine.Event, with machine: inout StaleStreamMachine) async throws {
        var actions = machine.handle(event, at: .now)
        while !actions.isEmpty {
            if let event = try await perform(actions.removeFirst()) { actions += machine.handle(event, at: .now) }
        }
    }

    /// - Returns: the resulting event, nil where the machine does not wait for one.
    private func perform(_ action: StaleStreamMachine.Action) async throws -> StaleStreamMachine.Event? {
        switch action {
        case .request(let id):
            return try await request(id)
        case .wait(let id, let duration):
            try await Task.sleep(for: duration)
            return .waited(shared.activity[id])
        case .recordTrade(let id):
            _ = shared.register.admit(id)
        case .admit(let id):
            if shared.register.admit(id) { try await shared.deliver([.streams([id], .listed)]) }
        case .deny(let id, let reason):
            try await deny(id, reason)
        case .prove(let id, let lastID, let time):
            shared.activity.prove(id, lastID: lastID, time: time, on: connection)
        case .showQuiet(let id):
            try await shared.deliver([.quiet(id)])
        case .showDead(let id):
            try await shared.deliver([.streams([id], .dead)])
        case .showUnproven(let id, let reason):
            log("no trade or answer proves that a silent stream still works", id, ["reason": "\(reason)"])
            try await shared.deliver([.streams([id], .waiting)])
        case .deliver(let trades):
            let batch = TradeBatch(trades: trades, receivedAt: SteadyClock.now(), isRepair: true)
            try await shared.deliver([.trades(batch)])
        case .renew(let id):
            shared.counters.update { $0.resubscribes += 1 }
            control.perform(.send(shared.adapter.renewal(of: [shared.streams[id]].compactMap(\.self))))
        case .replace:
            replace()
        case .reportDead(let id, let lastID, let venueLastID, let isFirst):
            log(
                isFirst ? "stream is dead, subscribing again" : "stream stays dead, opening another connection",
                id,
                ["last_id": .stringConvertible(lastID), "venue_last_id": .stringConvertible(venueLastID)]
            )
        case .reportFailure(let id, let reason):
            log("the request for the last trade of a silent stream failed", id, ["reason": "\(reason)"])
        }
        return nil
    }

    private func request(_ id: InstrumentID) async throws -> StaleStreamMachine.Event {
        do {
            return .answered(try await latest(of: id), shared.activity[id])
        } catch let failure as RequestFailure {
            shared.counters.update { $0.failedRequests += 1 }
            return .failed(failure, isUnknown: shared.adapter.isUnknownInstrument(failure))
        }
    }

    /// The venue's last id of a stream; nil where it has none.
    private func latest(of id: InstrumentID) async throws -> StaleStreamMachine.Latest? {
        guard let stream = shared.streams[id], let query = shared.adapter.latestTrades(of: stream, as: id) else {
            return nil
        }
        let trades = try await shared.client.send(query, longestWait: shared.configuration.idleTimeout)
        // Requests for many thin streams must not use up the weight that repairs need.
        let pause =
            Duration.seconds(60) * (4 * Double(query.weight) / Double(shared.adapter.requestLimits.weightPerMinute))
        try await Task.sleep(for: min(pause, .seconds(2)))
        let ids = trades.map(\.id).filter(TradeSequence.validIDs.contains)
        return ids.max().map { StaleStreamMachine.Latest(id: $0, trades: trades) }
    }

    private func deny(_ id: InstrumentID, _ reason: String) async throws {
        guard shared.register.deny(id) else { return }
        log("the venue does not list this instrument", id, ["reason": "\(reason)"])
        try await shared.deliver([.streams([id], .refused)])
    }

    private func log(_ message: Logger.Message, _ id: InstrumentID, _ metadata: Logger.Metadata) {
        shared.logger.warning(message, metadata: metadata.merging(["stream": "\(shared.name(of: id))"]) { $1 })
    }
}
