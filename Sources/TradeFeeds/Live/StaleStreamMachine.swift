import MarketData

/// Decides which streams of one connection are compared with the venue's last trade, and what follows. A stream without
/// trades while others flow is quiet when the venue has no newer trade, and dead when it has one. A dead stream is
/// subscribed again; when it stays dead, the connection is replaced.
///
/// A pure value: instants, activity of streams and the venue's answers are passed in, and the actions are returned. It
/// checks one stream at a time.
struct StaleStreamMachine: Sendable {
    /// How far the stream may be behind an answer over REST.
    static let grace = Duration.seconds(1)
    /// The most idle timeouts between two checks of a thin stream, whose checks become less frequent.
    static let mostTimeoutsPerCheck = 4
    /// The number of idle timeouts after which the last proof that a stream works expires.
    static let proofTimeouts = 3

    /// The venue's greatest id of a stream, with the trades of the answer.
    struct Latest: Hashable, Sendable {
        var id: Int64
        var trades: [Trade] = []
    }

    enum Event: Sendable {
        /// The connection delivers trades; these are its streams.
        case flowing([InstrumentID])
        /// The connection delivers nothing; these are its streams.
        case silent([InstrumentID])
        /// The activity of a stream.
        case observed(InstrumentID, StreamActivity.Entry)
        /// The venue's answer, nil where it has no trade, and the stream's activity at that time.
        case answered(Latest?, StreamActivity.Entry)
        /// The request failed; `isUnknown` is true where the venue has no such instrument.
        case failed(RequestFailure, isUnknown: Bool)
        /// The time of ``Action/wait(_:_:)`` is over; the stream's activity at that time.
        case waited(StreamActivity.Entry)
    }

    /// An action; the actions of one event are performed in order.
    enum Action: Hashable, Sendable {
        /// Request the venue's last trade of a stream.
        case request(InstrumentID)
        case wait(InstrumentID, Duration)
        /// Record that a stream has delivered a trade.
        case recordTrade(InstrumentID)
        /// Record that the venue has the instrument.
        case admit(InstrumentID)
        /// Record that the venue has no such instrument.
        case deny(InstrumentID, String)
        /// Record the venue's greatest id; every later id must arrive over this connection.
        case prove(InstrumentID, lastID: Int64, time: Timestamp?)
        case showQuiet(InstrumentID)
        /// Report that a stream is dead.
        case showDead(InstrumentID)
        /// Report that the last proof that a stream works has expired.
        case showUnproven(InstrumentID, String)
        /// Deliver the venue's newest trades, so that the missing ids are detected.
        case deliver([Trade])
        /// Unsubscribe from a stream and subscribe to it again.
        case renew(InstrumentID)
        /// Replace the connection.
        case replace
        case reportDead(InstrumentID, lastID: Int64, venueLastID: Int64, isFirst: Bool)
        case reportFailure(InstrumentID, String)
    }

    private struct Stream {
        var lastTrade: ContinuousClock.Instant?
        /// When it is checked next.
        var due: ContinuousClock.Instant
        /// The number of idle timeouts until the check after that.
        var timeoutsPerCheck = 1
        /// The number of checks since its last trade that found it dead.
        var deadChecks = 0
        /// When a check last found that the venue has no trade that the stream has not delivered.
        var provenAt: ContinuousClock.Instant?
        var isUnproven = false
    }

    /// The check in progress.
    private enum Check {
        case stream(InstrumentID, StreamActivity.Entry)
        /// A check that waits whether the venue's newer trade still arrives over the stream.
        case grace(InstrumentID, StreamActivity.Entry, Latest)
        case existence(InstrumentID, rest: [InstrumentID])
    }

    private let connection: ConnectionID
    private let opened: ContinuousClock.Instant
    private let timeout: Duration
    private var streams: [InstrumentID: Stream] = [:]
    private var isFirstCheck = true
    /// Streams whose existence at the venue was checked.
    private var checked: Set<InstrumentID> = []
    private var check: Check?

    /// - Parameters:
    ///   - connection: the connection whose streams are compared.
    ///   - opened: when its handshake succeeded.
    ///   - timeout: a stream without a trade for this time is silent.
    init(connection: ConnectionID, opened: ContinuousClock.Instant, timeout: Duration) {
        self.connection = connection
        self.opened = opened
        self.timeout = timeout
    }

    /// Processes an event and returns the resulting actions.
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
            guard case .grace(let id, let before, let latest) = check else { return [] }
            check = nil
            return entry.lastTrade == before.lastTrade ? recordDead(id, latest, before: before, entry) : []
        }
    }

    /// A stream added to an open connection gets the same timeout as the streams that the connection began with.
    private mutating func follow(_ ids: [InstrumentID], at now: ContinuousClock.Instant) {
        let start = isFirstCheck ? opened : now
        isFirstCheck = false
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
        check = .stream(id, entry)
        if let heartbeat = entry.heartbeat, now - heartbeat.instant < timeout {
            return actions + answer(Latest(id: heartbeat.lastID), entry, at: now)
        }
        return actions + [.request(id)]
    }

    private mutating func answer(
        _ latest: Latest?,
        _ current: StreamActivity.Entry,
        at now: ContinuousClock.Instant
    ) -> [Action] {
        switch check {
        case .existence(_, let rest): return checkExistence(of: rest)
        case .stream(let id, let entry):
            check = nil
            guard let latest else { return expireProof(id, entry, because: "the venue has no trade of it", at: now) }
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
        // A lower id of a newer trade means that the venue restarted its ids and the stream has not delivered one of
        // the new ids yet.
        let isNewer = latest.trades.contains { $0.time > entry.lastTradeTime }
        if let known = entry.lastID, latest.id == known || (latest.id < known && !isNewer) {
            let prove = Action.prove(id, lastID: known, time: nil)
            // A dead stream stays dead until it delivers a trade.
            guard stream.deadChecks == 0 else { return [prove] }
            stream.due = now + timeout * stream.timeoutsPerCheck
            stream.timeoutsPerCheck = min(2 * stream.timeoutsPerCheck, Self.mostTimeoutsPerCheck)
            stream.provenAt = now
            stream.isUnproven = false
            streams[id] = stream
            return [prove, .showQuiet(id)]
        }
        guard entry.provenOn == connection else {
            // The trade may be older than the connection, so it does not prove that the stream is dead. Every later id
            // must arrive over this connection.
            return deliver(latest, of: id, current)
        }
        check = .grace(id, entry, latest)
        return [.wait(id, Self.grace)]
    }

    private mutating func recordDead(
        _ id: InstrumentID,
        _ latest: Latest,
        before entry: StreamActivity.Entry,
        _ current: StreamActivity.Entry
    ) -> [Action] {
        guard var stream = streams[id] else { return [] }
        stream.deadChecks += 1
        streams[id] = stream
        let isFirst = stream.deadChecks == 1
        let report = Action.reportDead(id, lastID: entry.lastID ?? -1, venueLastID: latest.id, isFirst: isFirst)
        let delivery = deliver(latest, of: id, current)
        return [report, .showDead(id)] + delivery + [isFirst ? .renew(id) : .replace]
    }

    /// Delivers the missing trades that the answer contains.
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
        switch check {
        case .existence(let id, let rest):
            check = nil
            return isUnknown ? [.deny(id, "\(failure)")] + checkExistence(of: rest) : []
        case .stream(let id, let entry):
            check = nil
            guard isUnknown else {
                let due = now + timeout
                streams[id]?.due = due
                return [.reportFailure(id, "\(failure)")] + expireProof(id, entry, because: "\(failure)", at: now)
            }
            if var stream = streams[id] {
                stream.due = now + timeout * stream.timeoutsPerCheck
                stream.timeoutsPerCheck = min(2 * stream.timeoutsPerCheck, Self.mostTimeoutsPerCheck)
                streams[id] = stream
            }
            return [.deny(id, "\(failure)")]
        case .grace, nil:
            return []
        }
    }

    /// Reports a stream as unproven once its last proof has expired.
    private mutating func expireProof(
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

    /// Checks once whether the venue has the streams of a connection that delivers nothing.
    private mutating func checkExistence(of ids: [InstrumentID]) -> [Action] {
        check = nil
        guard let id = ids.first else { return [] }
        checked.insert(id)
        check = .existence(id, rest: Array(ids.dropFirst()))
        return [.request(id)]
    }
}
