import MarketData

/// Decides when to try streams that the venue has refused, or may have, on a separate connection, what to request on
/// it, and what follows from the answers.
///
/// A pure value: events are passed in, and the actions are returned.
struct TrialMachine: Sendable {
    /// The interval between two checks for streams that are due.
    static let pollInterval = Duration.milliseconds(250)
    /// A request without a refusal for this time counts as accepted.
    static let answerTime = Duration.seconds(10)
    /// The pause after a trial that failed to connect; it doubles, so that trials do not use up the budget of attempts.
    static let firstPause = Duration.seconds(2)
    static let longestPause = Duration.seconds(60)

    enum Event: Sendable {
        /// The next streams to try, nil where none are due.
        case group([InstrumentID]?)
        /// An event of the connection.
        case connection(ConnectionEvent)
    }

    /// An action; the actions of one event are performed in order.
    enum Action: Hashable, Sendable {
        /// Check for due streams after a pause; ``Event/group(_:)`` follows.
        case begin(after: Duration)
        /// Reserve an attempt, connect, and subscribe to these streams.
        case connect([InstrumentID])
        /// Subscribe to these streams on the open connection.
        case subscribe([InstrumentID])
        /// Wait for the answer to a request, by number, before ``ConnectionEvent/answerOverdue(request:)``.
        case awaitAnswer(request: Int, Duration)
        case accept([InstrumentID])
        case settle(SubscriptionRefusal)
        /// Streams without an answer are tried again later.
        case abandon
        case disconnect
    }

    private let subscribesByMessage: Bool
    private let refusesCompleteRequests: Bool
    private var pause = Self.firstPause
    /// The streams in the present trial, empty without a connection.
    private var group: [InstrumentID] = []
    /// The number of the last request, over all connections.
    private var request = 0
    private var isConnected = false
    private var isOpen = false
    private var hasAnswered = false

    /// - Parameters:
    ///   - subscribesByMessage: see ``VenueAdapter/subscribesByMessage``; otherwise each trial is a connection.
    ///   - refusesCompleteRequests: see ``VenueAdapter/refusesCompleteRequests``.
    init(subscribesByMessage: Bool, refusesCompleteRequests: Bool) {
        self.subscribesByMessage = subscribesByMessage
        self.refusesCompleteRequests = refusesCompleteRequests
    }

    /// Begins with a check for due streams.
    func start() -> [Action] { [.begin(after: .zero)] }

    /// Processes an event and returns the resulting actions.
    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .group(let streams): begin(streams)
        case .connection(let event): isConnected ? handle(event) : []
        }
    }

    private mutating func begin(_ streams: [InstrumentID]?) -> [Action] {
        guard let streams else {
            // An open connection is closed when no stream is left to try.
            return isConnected ? finish() : [.begin(after: Self.pollInterval)]
        }
        group = streams
        request += 1
        let answer = Action.awaitAnswer(request: request, Self.answerTime)
        if isConnected { return [.subscribe(streams), answer] }
        (isConnected, isOpen, hasAnswered) = (true, false, false)
        return [.connect(streams), answer]
    }

    private mutating func handle(_ event: ConnectionEvent) -> [Action] {
        switch event {
        case .opened:
            isOpen = true
            return subscribesByMessage ? [] : accept()
        case .accepted:
            return accept()
        case .answerOverdue(request):
            return isOpen ? accept() : end()
        case .refused(_, let refusal):
            return refuse(refusal)
        case .ended:
            return end()
        default:
            return []
        }
    }

    private mutating func accept() -> [Action] {
        hasAnswered = true
        return [.accept(group)] + proceed()
    }

    private mutating func refuse(_ refusal: SubscriptionRefusal) -> [Action] {
        hasAnswered = true
        group.removeAll { refusal.streams.contains($0) }
        let settle = Action.settle(refusal)
        if refusesCompleteRequests {
            guard !group.isEmpty else { return [settle] + proceed() }
            return [settle, .subscribe(group)] + awaitAnotherAnswer()
        }
        guard refusal.unanswered.isEmpty else { return [settle] + awaitAnotherAnswer() }
        return (subscribesByMessage ? [settle, .accept(group)] : [settle]) + proceed()
    }

    private mutating func awaitAnotherAnswer() -> [Action] {
        request += 1
        return [.awaitAnswer(request: request, Self.answerTime)]
    }

    /// Continues with the next streams, on the same connection where that is possible.
    private mutating func proceed() -> [Action] {
        subscribesByMessage && isOpen ? [.begin(after: .zero)] : finish()
    }

    private mutating func finish() -> [Action] {
        isConnected = false
        pause = Self.firstPause
        return [.disconnect, .begin(after: .zero)]
    }

    /// A connection that ends after an answer was closed by the venue's refusal; without an answer the trial failed.
    private mutating func end() -> [Action] {
        if hasAnswered { return [.abandon] + finish() }
        isConnected = false
        defer { pause = min(pause * 2, Self.longestPause) }
        return [.abandon, .disconnect, .begin(after: pause)]
    }
}
