import MarketData

/// Which missing ids are asked for next, and how often that was in vain: the newest first, none before they had time to
/// come by themselves, and those that the venue does not know ever less often.
struct RepairQueue {
    /// What is only out of order gets so long to come by itself.
    static let settling = Duration.milliseconds(500)
    /// How often an answer may leave ids out before they are given up: the venue's REST may be behind its sockets.
    static let attempts = 10
    /// The same where the answer shows that the venue goes on with later ids.
    static let attemptsBeyond = 3
    private static let longestWait = Duration.seconds(30)

    /// The ids to ask for, and how often they were asked for in vain.
    struct Request: Equatable {
        var span: RepairRequest
        var vainAttempts: Int
        /// Ids beyond it were found missing since the first of these attempts.
        var through: Int64
    }

    private struct Key: Hashable {
        var instrument: InstrumentID
        var numbering: Int64
        var firstID: Int64

        init(_ span: RepairRequest) {
            (instrument, numbering, firstID) = (span.instrument, span.numbering, span.ids.lowerBound)
        }
    }

    private struct Stream: Hashable {
        var instrument: InstrumentID
        var numbering: Int64
    }

    private struct Attempt {
        var due: ContinuousClock.Instant
        var through: Int64
        var count = 0
    }

    private var attempts: [Key: Attempt] = [:]
    /// Older ids of a stream than these lie beyond the horizon.
    private var floors: [Stream: Int64] = [:]

    /// What to ask for now, nil while nothing is due.
    /// - Parameters:
    ///   - known: everything that is missing.
    ///   - horizon: what was traded before it is not asked for.
    ///   - now: the present.
    mutating func next(
        of known: [RepairRequest],
        from horizon: Timestamp,
        at now: ContinuousClock.Instant
    ) -> Request? {
        var kept: [Key: Attempt] = [:]
        var best: Request?
        for span in known {
            guard let span = wanted(span, from: horizon) else { continue }
            let key = Key(span)
            let attempt = attempts[key] ?? Attempt(due: now + Self.settling, through: span.ids.upperBound)
            kept[key] = attempt
            guard attempt.due <= now, best.map({ $0.span.before < span.before }) ?? true else { continue }
            best = Request(span: span, vainAttempts: attempt.count, through: attempt.through)
        }
        attempts = kept
        return best
    }

    /// Notes that nothing became known of what was asked for.
    mutating func wasInVain(_ request: Request, at now: ContinuousClock.Instant) {
        let key = Key(request.span)
        guard var attempt = attempts[key] else { return }
        attempt.count += 1
        attempt.due = now + min(Self.longestWait, .seconds(1) * (1 << min(attempt.count - 1, 5)))
        attempts[key] = attempt
    }

    /// Notes that ids of a stream below one were traded before the horizon.
    mutating func setFloor(_ id: Int64, of span: RepairRequest) {
        let stream = Stream(instrument: span.instrument, numbering: span.numbering)
        floors[stream] = max(id, floors[stream] ?? id)
    }

    /// What of a span lies within the horizon, as far as that is known.
    private func wanted(_ span: RepairRequest, from horizon: Timestamp) -> RepairRequest? {
        guard span.before >= horizon else { return nil }
        let floor = floors[Stream(instrument: span.instrument, numbering: span.numbering)] ?? .min
        guard floor > span.ids.lowerBound else { return span }
        let gaps = span.gaps.filter { $0.upperBound >= floor }.map { max($0.lowerBound, floor)...$0.upperBound }
        guard let first = gaps.map(\.lowerBound).min() else { return nil }
        var span = span
        (span.ids, span.gaps) = (first...max(first, span.ids.upperBound), gaps)
        return span
    }
}

extension RepairRequest {
    /// Those of some trades, by ascending id, whose ids are missing.
    func missing(of trades: [Trade]) -> [Trade] {
        let gaps = gaps.sorted { $0.lowerBound < $1.lowerBound }
        var position = 0
        return trades.filter { trade in
            while position < gaps.count, gaps[position].upperBound < trade.id { position += 1 }
            return position < gaps.count && gaps[position].contains(trade.id)
        }
    }
}
