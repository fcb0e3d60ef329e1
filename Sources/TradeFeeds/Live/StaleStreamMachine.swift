import MarketData

/// Which streams of one connection are compared with the venue's last trade, and what follows: one that is silent among
/// others that flow is quiet where the venue has nothing newer, and dead where it has. A dead stream is asked for again and,
/// where that does not help, another connection replaces it.
///
/// A pure value: instants, what has arrived, and what the venue answers are passed in; what is to be done is returned. It
/// looks at one stream at a time.
struct StaleStreamMachine: Sendable {
    /// What the wire may be behind an answer over REST.
    static let grace = Duration.seconds(1)
    /// The most idle timeouts between two looks at a thin stream, which is looked at less and less often.
    static let greatestPatience = 4
    /// The idle timeouts after which a stream without a further proof is not proven alive.
    static let proofTimeouts = 3

    /// The venue's greatest id of a stream, with the trades of the answer.
    struct Latest: Hashable, Sendable {
        var id: Int64
        var trades: [Trade] = []
    }

    enum Event: Sendable {
        /// The connection brings trades; these are the streams that it should bring.
        case flowing([InstrumentID])
        /// The connection brings nothing at all.
        case silent([InstrumentID])
        /// What has arrived of a stream.
        case observed(InstrumentID, StreamActivity.Entry)
        /// The venue's answer, nil where it has no trade, and what has arrived by then.
        case answered(Latest?, StreamActivity.Entry)
        /// The venue did not answer; `isUnknown` where it has no such instrument.
        case failed(RequestFailure, isUnknown: Bool)
        /// The time of ``Action/wait(_:_:)`` is over; what has arrived by then.
        case waited(StreamActivity.Entry)
    }

    /// What is to be done, in this order.
    enum Action: Hashable, Sendable {
        /// Ask the venue for its last trade of a stream.
        case ask(InstrumentID)
        case wait(InstrumentID, Duration)
        /// Record that a stream has brought something.
        case recordTrade(InstrumentID)
        /// Record that the venue has the instrument.
        case admit(InstrumentID)
        /// Record that the venue has no such instrument.
        case deny(InstrumentID, String)
        /// Record the venue's greatest id: from there on every id must come over this connection.
        case prove(InstrumentID, lastID: Int64, time: Timestamp?)
        case showQuiet(InstrumentID)
        /// Show that a stream is dead.
        case showDead(InstrumentID)
        /// Show that nothing proves that a stream is alive.
        case showUnproven(InstrumentID, String)
        /// Deliver the venue's newest trades, which show what is missing.
        case deliver([Trade])
        /// End a stream and ask for it again.
        case renew(InstrumentID)
        /// Replace the connection.
        case replace
        case reportDead(InstrumentID, lastID: Int64, venueLastID: Int64, isFirst: Bool)
        case reportFailure(InstrumentID, String)
    }

    private struct Stream {
        var lastTrade: ContinuousClock.Instant?
        /// When it is looked at next.
        var due: ContinuousClock.Instant
        /// Idle timeouts until the look after that.
        var patience = 1
        /// How often it was found dead since its last trade.
        var strikes = 0
        /// When the venue last had nothing that the stream had not brought.
        var provenAt: ContinuousClock.Instant?
        var isUnproven = false
    }

    /// What the last question was about.
    private enum Look {
        case stream(InstrumentID, StreamActivity.Entry)
        /// What the venue had before the wire got its time.
        case grace(InstrumentID, StreamActivity.Entry, Latest)
        case existence(InstrumentID, rest: [InstrumentID])
    }

    private let connection: ConnectionID
    private let opened: ContinuousClock.Instant
    private let timeout: Duration
    private var streams: [InstrumentID: Stream] = [:]
    private var isFirstLook = true
    /// Streams of which the venue was asked whether it has them.
    private var checked: Set<InstrumentID> = []
    private var look: Look?

    /// - Parameters:
    ///   - connection: the one whose streams are compared.
    ///   - opened: when its handshake succeeded.
    ///   - timeout: a stream without a trade for that long is silent.
    init(connection: ConnectionID, opened: ContinuousClock.Instant, timeout: Duration) {
        self.connection = connection
        self.opened = opened
        self.timeout = timeout
    }

    /// Follows from an event what is to be done.
    mutating func handle(_ event: Event, at now: ContinuousClock.Instant) -> [Action] {
        switch event {
        case .flowing(let ids):
            follow(ids, at: now)
            return []
        case .silent(let ids):
            guard opened + timeout / 2 <= now else { return [] }
            return checkExistence(of: ids.filter { !checked.contains($0) }.shuffled())
        case .observed(let id, let entry):
            return observe(id, entry, at: now)
        case .answered(let latest, let entry):
            return answer(latest, entry, at: now)
        case .failed(let failure, let isUnknown):
            return fail(failure, isUnknown: isUnknown, at: now)
        case .waited(let entry):
            guard case .grace(let id, let before, let latest) = look else { return [] }
            look = nil
            return entry.lastTrade == before.lastTrade ? strike(id, latest, before: before, entry) : []
        }
    }

    /// A stream that is added to an open connection has as long as those had that it was opened for.
    private mutating func follow(_ ids: [InstrumentID], at now: ContinuousClock.Instant) {
        let start = isFirstLook ? opened : now
        isFirstLook = false
        let followed = Set(ids)
        streams = streams.filter { followed.contains($0.key) }
        for id in ids where streams[id] == nil { streams[id] = Stream(due: start + timeout) }
    }

    private mutating func observe(
        _ id: InstrumentID,
        _ entry: StreamActivity.Entry,
        at now: ContinuousClock.Instant
    ) -> [Action] {
        guard var stream = streams[id] else { return [] }
        var actions: [Action] = []
        if entry.lastTrade != stream.lastTrade {
            let start = max(opened, entry.lastTrade ?? opened)
            stream = Stream(lastTrade: entry.lastTrade, due: start + timeout)
            actions.append(.recordTrade(id))
        }
        let isDue = stream.due <= now
        if isDue { stream.due = now + timeout }
        streams[id] = stream
        guard isDue else { return actions }
        look = .stream(id, entry)
        if let heartbeat = entry.heartbeat, now - heartbeat.instant < timeout {
            return actions + answer(Latest(id: heartbeat.lastID), entry, at: now)
        }
        return actions + [.ask(id)]
    }

    private mutating func answer(
        _ latest: Latest?,
        _ current: StreamActivity.Entry,
        at now: ContinuousClock.Instant
    ) -> [Action] {
        switch look {
        case .existence(_, let rest): return checkExistence(of: rest)
        case .stream(let id, let entry):
            look = nil
            guard let latest else { return lapse(id, entry, because: "the venue has no trade of it", at: now) }
            return [.admit(id)] + compare(id, latest, entry, current, at: now)
        case .grace, nil: return []
        }
    }

    private mutating func compare(
        _ id: InstrumentID,
        _ latest: Latest,
        _ entry: StreamActivity.Entry,
        _ current: StreamActivity.Entry,
        at now: ContinuousClock.Instant
    ) -> [Action] {
        guard var stream = streams[id] else { return [] }
        // A lower id of a newer trade belongs to a numbering that the stream has not brought yet.
        let isNewer = latest.trades.contains { $0.time > entry.lastTradeTime }
        if let known = entry.lastID, latest.id == known || (latest.id < known && !isNewer) {
            let prove = Action.prove(id, lastID: known, time: nil)
            // Dead it stays until it brings something.
            guard stream.strikes == 0 else { return [prove] }
            stream.due = now + timeout * stream.patience
            stream.patience = min(2 * stream.patience, Self.greatestPatience)
            stream.provenAt = now
            stream.isUnproven = false
            streams[id] = stream
            return [prove, .showQuiet(id)]
        }
        guard entry.provenOn == connection else {
            // It may have been traded before the connection was made: from here on it is known what must come.
            return deliver(latest, of: id, current)
        }
        look = .grace(id, entry, latest)
        return [.wait(id, Self.grace)]
    }

    private mutating func strike(
        _ id: InstrumentID,
        _ latest: Latest,
        before entry: StreamActivity.Entry,
        _ current: StreamActivity.Entry
    ) -> [Action] {
        guard var stream = streams[id] else { return [] }
        stream.strikes += 1
        streams[id] = stream
        let isFirst = stream.strikes == 1
        let report = Action.reportDead(id, lastID: entry.lastID ?? -1, venueLastID: latest.id, isFirst: isFirst)
        let delivery = deliver(latest, of: id, current)
        return [report, .showDead(id)] + delivery + [isFirst ? .renew(id) : .replace]
    }

    /// Shows what is missing, as far as the answer has it.
    private func deliver(_ latest: Latest, of id: InstrumentID, _ entry: StreamActivity.Entry) -> [Action] {
        let newest = latest.trades.filter { $0.id == latest.id || $0.time > entry.lastTradeTime }
        let prove = Action.prove(id, lastID: latest.id, time: latest.trades.map(\.time).max())
        return [prove] + (newest.isEmpty ? [] : [.deliver(newest.sorted { $0.id < $1.id })])
    }

    private mutating func fail(
        _ failure: RequestFailure,
        isUnknown: Bool,
        at now: ContinuousClock.Instant
    ) -> [Action] {
        switch look {
        case .existence(let id, let rest):
            look = nil
            return isUnknown ? [.deny(id, "\(failure)")] + checkExistence(of: rest) : []
        case .stream(let id, let entry):
            look = nil
            guard isUnknown else {
                let due = now + timeout
                streams[id]?.due = due
                return [.reportFailure(id, "\(failure)")] + lapse(id, entry, because: "\(failure)", at: now)
            }
            if var stream = streams[id] {
                stream.due = now + timeout * stream.patience
                stream.patience = min(2 * stream.patience, Self.greatestPatience)
                streams[id] = stream
            }
            return [.deny(id, "\(failure)")]
        case .grace, nil:
            return []
        }
    }

    /// Ends what a stream was proven by, once that is too long ago.
    private mutating func lapse(
        _ id: InstrumentID,
        _ entry: StreamActivity.Entry,
        because reason: String,
        at now: ContinuousClock.Instant
    ) -> [Action] {
        guard let stream = streams[id], !stream.isUnproven else { return [] }
        let proofs = [entry.lastTrade, stream.provenAt].compactMap(\.self)
        if let proof = proofs.max(), now - proof < timeout * Self.proofTimeouts { return [] }
        streams[id]?.isUnproven = true
        return [.showUnproven(id, reason)]
    }

    /// Asks, once, whether the venue has the streams of a connection that brings nothing.
    private mutating func checkExistence(of ids: [InstrumentID]) -> [Action] {
        look = nil
        guard let id = ids.first else { return [] }
        checked.insert(id)
        look = .existence(id, rest: Array(ids.dropFirst()))
        return [.ask(id)]
    }
}
