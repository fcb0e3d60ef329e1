import MarketData

/// Selects the missing ids to request next and counts failed attempts: the newest ids come first, after a time in which
/// they may still arrive over the stream; ids that the venue does not return are requested at growing intervals.
struct RepairQueue {
    /// The time in which trades out of order may still arrive over the stream.
    static let settling = Duration.milliseconds(500)
    /// The number of answers without the ids before they are given up; the venue's REST interface may be behind its
    /// sockets.
    static let attempts = 10
    /// The same when the answer shows that the venue continues with later ids.
    static let attemptsBeyond = 3
    private static let longestWait = Duration.seconds(30)

    /// The ids to request, and the number of earlier attempts without a result.
    struct Request: Equatable {
        var span: RepairRequest
        var failedAttempts: Int
        /// Greater ids were detected as missing after the first of these attempts.
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
    /// Ids of a stream below these are older than the horizon.
    private var floors: [Stream: Int64] = [:]

    /// The next request, nil while none is due.
    /// - Parameters:
    ///   - known: all missing ids.
    ///   - horizon: trades before it are not requested.
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
            best = Request(span: span, failedAttempts: attempt.count, through: attempt.through)
        }
        attempts = kept
        return best
    }

    /// Records that a request had no result.
    mutating func recordFailure(_ request: Request, at now: ContinuousClock.Instant) {
        let key = Key(request.span)
        guard var attempt = attempts[key] else { return }
        attempt.count += 1
        attempt.due = now + min(Self.longestWait, .seconds(1) * (1 << min(attempt.count - 1, 5)))
        attempts[key] = attempt
    }

    /// Records that the ids of a stream below `id` are older than the horizon.
    mutating func setFloor(_ id: Int64, of span: RepairRequest) {
        let stream = Stream(instrument: span.instrument, numbering: span.numbering)
        floors[stream] = max(id, floors[stream] ?? id)
    }

    /// The part of a span within the horizon, as far as trade times are known.
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
    /// The trades, given by ascending id, whose ids are missing.
    func missing(of trades: [Trade]) -> [Trade] {
        let gaps = gaps.sorted { $0.lowerBound < $1.lowerBound }
        var position = 0
        return trades.filter { trade in
            while position < gaps.count, gaps[position].upperBound < trade.id { position += 1 }
            return position < gaps.count && gaps[position].contains(trade.id)
        }
    }
}
