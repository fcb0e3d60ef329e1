import MarketData

/// Decides which missing trades to request, and what follows from the venue's answers: trades to deliver, ids that the
/// venue does not have, or a later retry.
///
/// A pure value: missing ids, instants and answers are passed in, and the actions are returned. There is one request at
/// a time.
struct RepairMachine: Sendable {
    static let pollInterval = Duration.milliseconds(250)
    static let longestWait = Duration.seconds(30)
    static let longestRefusedWait = Duration.seconds(2)
    /// The number of ids in a request for the oldest part of a gap; no venue returns more trades per request.
    static let page: Int64 = 1000

    enum Event: Sendable {
        /// All missing ids; trades before the horizon are not requested.
        case missing([RepairRequest], horizon: Timestamp)
        /// The venue's answer; `findsByID` is true where the venue finds ids of any age, and false where it only has
        /// the newest.
        case answered([Trade], findsByID: Bool, horizon: Timestamp)
        /// The venue has no request for these ids.
        case unanswerable
        case failed(RequestFailure)
        /// The trades have been delivered; these ids are still missing.
        case delivered([RepairRequest])
    }

    /// An action; the actions of one event are performed in order.
    enum Action: Hashable, Sendable {
        /// Read the missing ids after a pause; ``Event/missing(_:horizon:)`` follows.
        case poll(after: Duration)
        /// Request the newest page of these ids.
        case request(RepairRequest, ids: ClosedRange<Int64>)
        /// Deliver trades that were missing; ``Event/delivered(_:)`` follows.
        case deliver([Trade], of: RepairRequest)
        /// The venue does not have these ids.
        case markUnrepairable(RepairRequest, ClosedRange<Int64>)
        /// The venue never assigned these ids.
        case dismiss(RepairRequest, ClosedRange<Int64>)
        case count(RequestOutcome)
        case reportFailure(RepairRequest, String, wait: Duration)
    }

    private struct Answer {
        /// By ascending id.
        var trades: [Trade]
        var findsByID: Bool
        /// The trades that were missing and are not older than the horizon.
        var delivered: [Trade] = []
    }

    private enum Step {
        case requested(RepairQueue.Request)
        case delivering(RepairQueue.Request, Answer)
        case requestedOldest(RepairQueue.Request)
        case deliveringOldest(RepairQueue.Request, Answer)
    }

    private var queue = RepairQueue()
    private var failures = 0
    private var step: Step?

    /// Processes an event and returns the resulting actions.
    mutating func handle(_ event: Event, at now: ContinuousClock.Instant) -> [Action] {
        switch event {
        case .missing(let missing, let horizon):
            step = nil
            guard let request = queue.next(of: missing, from: horizon, at: now) else {
                return [.poll(after: Self.pollInterval)]
            }
            step = .requested(request)
            return [.request(request.span, ids: request.span.ids)]
        case .answered(let trades, let findsByID, let horizon):
            let answer = Answer(trades: trades.sorted { $0.id < $1.id }, findsByID: findsByID)
            return receive(answer, horizon: horizon, at: now)
        case .unanswerable:
            return unanswerable(at: now)
        case .failed(let failure):
            return fail(failure, at: now)
        case .delivered(let missing):
            return delivered(missing, at: now)
        }
    }

    private mutating func receive(_ answer: Answer, horizon: Timestamp, at now: ContinuousClock.Instant) -> [Action] {
        let request: RepairQueue.Request
        let isOldest: Bool
        switch step {
        case .requested(let requested): (request, isOldest) = (requested, false)
        case .requestedOldest(let requested): (request, isOldest) = (requested, true)
        case .delivering, .deliveringOldest, nil: return []
        }
        let span = request.span
        let page = span.missing(of: answer.trades)
        let inTime = page.filter { $0.time >= horizon }
        if inTime.count < page.count { queue.setFloor(inTime.first?.id ?? span.ids.upperBound + 1, of: span) }
        let count = Action.count(page.isEmpty ? .nothing : .success)
        guard inTime.isEmpty else {
            var answer = answer
            answer.delivered = inTime
            step = isOldest ? .deliveringOldest(request, answer) : .delivering(request, answer)
            return [count, .deliver(inTime, of: span)]
        }
        return [count]
            + (isOldest
                ? concludeOldest(request, answer, isOfUse: !page.isEmpty, at: now)
                : conclude(request, answer, isOfUse: !page.isEmpty, at: now))
    }

    private mutating func delivered(_ missing: [RepairRequest], at now: ContinuousClock.Instant) -> [Action] {
        func isOfUse(_ answer: Answer, _ span: RepairRequest) -> Bool {
            let left = missing.filter { $0.instrument == span.instrument && $0.numbering == span.numbering }
            return left.reduce(0) { $0 + $1.missing(of: answer.delivered).count } < answer.delivered.count
        }
        switch step {
        case .delivering(let request, let answer):
            return conclude(request, answer, isOfUse: isOfUse(answer, request.span), at: now)
        case .deliveringOldest(let request, let answer):
            return concludeOldest(request, answer, isOfUse: isOfUse(answer, request.span), at: now)
        case .requested, .requestedOldest, nil:
            return []
        }
    }

    private mutating func conclude(
        _ request: RepairQueue.Request,
        _ answer: Answer,
        isOfUse: Bool,
        at now: ContinuousClock.Instant
    ) -> [Action] {
        let span = request.span
        let oldest = answer.trades.first?.id
        if isOfUse, let oldest, answer.findsByID || oldest <= span.ids.lowerBound {
            let beginsLater =
                answer.findsByID && span.mayBeginLater && !isLong(span) && oldest > span.ids.lowerBound
            return (beginsLater ? [.dismiss(span, span.ids.lowerBound...(oldest - 1))] : []) + proceed()
        }
        // A venue that only has the newest trades has no trade older than all in the answer.
        if !answer.findsByID, !span.mayBeginLater, let oldest, oldest > span.ids.lowerBound {
            return [.markUnrepairable(span, span.ids.lowerBound...min(span.ids.upperBound, oldest - 1))] + proceed()
        }
        let isBeyond = answer.findsByID && oldest.map { $0 > span.ids.upperBound } ?? false
        let limit = isBeyond || span.mayBeginLater ? RepairQueue.attemptsBeyond : RepairQueue.attempts
        guard !isOfUse else { return proceed() }
        guard request.failedAttempts + 1 >= limit else {
            queue.recordFailure(request, at: now)
            return proceed()
        }
        if span.mayBeginLater, isBeyond || answer.trades.isEmpty { return [.dismiss(span, span.ids)] + proceed() }
        guard answer.findsByID, isLong(span) else { return markUnrepairable(request) }
        // After a jump in the venue's ids, only those before the jump exist. They are requested before the complete gap
        // is given up.
        step = .requestedOldest(request)
        return [.request(span, ids: span.ids.lowerBound...(span.ids.lowerBound + Self.page - 1))]
    }

    private mutating func concludeOldest(
        _ request: RepairQueue.Request,
        _ answer: Answer,
        isOfUse: Bool,
        at now: ContinuousClock.Instant
    ) -> [Action] {
        guard isOfUse else { return markUnrepairable(request) }
        let ids = request.span.ids
        // An answer that contains ids after the gap contains all existing ids within it.
        if let last = answer.trades.last(where: { $0.id <= ids.upperBound })?.id, last < ids.upperBound,
            answer.trades.contains(where: { $0.id > ids.upperBound })
        {
            return [.markUnrepairable(request.span, (last + 1)...ids.upperBound)] + proceed()
        }
        return proceed()
    }

    private mutating func unanswerable(at now: ContinuousClock.Instant) -> [Action] {
        switch step {
        case .requested(let request): [.markUnrepairable(request.span, request.span.ids)] + proceed()
        case .requestedOldest(let request): markUnrepairable(request)
        case .delivering, .deliveringOldest, nil: []
        }
    }

    private mutating func markUnrepairable(_ request: RepairQueue.Request) -> [Action] {
        let ids = request.span.ids
        return [
            .markUnrepairable(request.span, ids.lowerBound...min(ids.upperBound, max(request.through, ids.lowerBound)))
        ]
            + proceed()
    }

    private mutating func proceed() -> [Action] {
        (step, failures) = (nil, 0)
        return [.poll(after: .zero)]
    }

    private mutating func fail(_ failure: RequestFailure, at now: ContinuousClock.Instant) -> [Action] {
        let request: RepairQueue.Request
        switch step {
        case .requested(let requested), .requestedOldest(let requested): request = requested
        case .delivering, .deliveringOldest, nil: return []
        }
        step = nil
        failures += 1
        let wait = min(Self.longestWait, .milliseconds(500) * (1 << min(failures - 1, 6)))
        let report = Action.reportFailure(request.span, "\(failure)", wait: wait)
        // A refused request, such as one for a delisted instrument, must not delay others.
        let isRefused = failure.outcome == .refused
        if isRefused { queue.recordFailure(request, at: now) }
        let pause = isRefused ? min(wait, Self.longestRefusedWait) : wait
        return [.count(failure.outcome), report, .poll(after: pause)]
    }

    private func isLong(_ span: RepairRequest) -> Bool {
        span.ids.upperBound - span.ids.lowerBound >= Self.page
    }
}
