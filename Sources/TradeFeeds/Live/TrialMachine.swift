import MarketData

/// Tries streams that the venue has refused, or may have, on a connection of their own: when one is made, what it is asked,
/// and what follows from the answers.
///
/// A pure value: what happens is passed in, and what is to be done is returned.
struct TrialMachine: Sendable {
    /// Between two looks for streams that are due.
    static let pollInterval = Duration.milliseconds(250)
    /// A venue that has not refused a request by then accepts it.
    static let answerTime = Duration.seconds(10)
    /// After a trial that could not be made; it doubles, so that trials leave the connections their attempts.
    static let firstPause = Duration.seconds(2)
    static let longestPause = Duration.seconds(60)

    enum Event: Sendable {
        /// The next streams to try, nil where none are due.
        case group([InstrumentID]?)
        /// Something happened to the connection.
        case connection(ConnectionEvent)
    }

    /// What is to be done, in this order.
    enum Action: Hashable, Sendable {
        /// Look after a pause for streams that are due; ``Event/group(_:)`` follows.
        case begin(after: Duration)
        /// Book an attempt, connect, and ask for these streams.
        case connect([InstrumentID])
        /// Ask for these streams on the open connection.
        case ask([InstrumentID])
        /// Wait for the answer to a request, by number, before ``ConnectionEvent/answerOverdue(request:)``.
        case awaitAnswer(request: Int, Duration)
        case accept([InstrumentID])
        case settle(SubscriptionRefusal)
        /// What has no answer is tried again later.
        case abandon
        case disconnect
    }

    private let subscribesByMessage: Bool
    private let refusesWholeRequests: Bool
    private var pause = Self.firstPause
    /// The streams that are tried at present, empty without a connection.
    private var group: [InstrumentID] = []
    /// The number of the last request, over all connections.
    private var request = 0
    private var isConnected = false
    private var isOpen = false
    private var hasAnswered = false

    /// - Parameters:
    ///   - subscribesByMessage: see ``VenueAdapter/subscribesByMessage``; otherwise each trial is a connection.
    ///   - refusesWholeRequests: see ``VenueAdapter/refusesWholeRequests``.
    init(subscribesByMessage: Bool, refusesWholeRequests: Bool) {
        self.subscribesByMessage = subscribesByMessage
        self.refusesWholeRequests = refusesWholeRequests
    }

    /// Looks for the first streams to try.
    func start() -> [Action] { [.begin(after: .zero)] }

    /// Follows from an event what is to be done.
    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .group(let streams): begin(streams)
        case .connection(let event): isConnected ? handle(event) : []
        }
    }

    private mutating func begin(_ streams: [InstrumentID]?) -> [Action] {
        guard let streams else {
            // Where a connection is open it has nothing more to try.
            return isConnected ? finish() : [.begin(after: Self.pollInterval)]
        }
        group = streams
        request += 1
        let answer = Action.awaitAnswer(request: request, Self.answerTime)
        if isConnected { return [.ask(streams), answer] }
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
        return [.accept(group)] + goOn()
    }

    private mutating func refuse(_ refusal: SubscriptionRefusal) -> [Action] {
        hasAnswered = true
        group.removeAll { refusal.streams.contains($0) }
        let settle = Action.settle(refusal)
        if refusesWholeRequests {
            guard !group.isEmpty else { return [settle] + goOn() }
            return [settle, .ask(group)] + awaitAnotherAnswer()
        }
        guard refusal.unanswered.isEmpty else { return [settle] + awaitAnotherAnswer() }
        return (subscribesByMessage ? [settle, .accept(group)] : [settle]) + goOn()
    }

    private mutating func awaitAnotherAnswer() -> [Action] {
        request += 1
        return [.awaitAnswer(request: request, Self.answerTime)]
    }

    /// Tries the next streams on the same connection, where that is possible.
    private mutating func goOn() -> [Action] {
        subscribesByMessage && isOpen ? [.begin(after: .zero)] : finish()
    }

    private mutating func finish() -> [Action] {
        isConnected = false
        pause = Self.firstPause
        return [.disconnect, .begin(after: .zero)]
    }

    /// Some venues end a connection with a refusal; otherwise the trial could not be made.
    private mutating func end() -> [Action] {
        if hasAnswered { return [.abandon] + finish() }
        isConnected = false
        defer { pause = min(pause * 2, Self.longestPause) }
        return [.abandon, .disconnect, .begin(after: pause)]
    }
}
