import MarketData

/// The requested streams of a connection, and those of them that the venue has not answered.
///
/// Not every venue answers each request separately. So a refusal concerns the streams that it names or, where it names
/// none, all streams that are not answered yet.
struct SubscriptionMachine: Sendable {
    enum Event: Sendable {
        /// Streams were requested.
        case requested([InstrumentID])
        /// The connection should carry these streams and request some of them.
        case streams(carried: [InstrumentID: TradeStream], requested: [InstrumentID])
        /// The venue acknowledges a request with this text.
        case acknowledged(String)
        /// The venue reports an error: the complete message, and its short text for the log.
        case failed(String, errorText: String)
    }

    /// An action; the actions of one event are performed in order.
    enum Action: Hashable, Sendable {
        /// Decode messages with a decoder for ``SubscriptionMachine/streams``.
        case decode
        case unsubscribe([InstrumentID])
        case subscribe([InstrumentID])
        /// The venue has answered every stream.
        case accepted
        case refused(SubscriptionRefusal)
    }

    /// The streams that the connection carries or has carried; trades of the latter may still arrive.
    private(set) var streams: [InstrumentID: TradeStream] = [:]
    /// Every stream that was requested on the connection.
    private(set) var requested: Set<InstrumentID> = []
    /// The streams by symbol in upper case.
    private var ids: [String: InstrumentID] = [:]
    private var unanswered: Set<InstrumentID> = []

    /// - Parameter streams: the streams that the connection may carry.
    init(streams: [InstrumentID: TradeStream]) {
        add(streams)
    }

    /// Whether every stream was answered.
    var isAnswered: Bool { unanswered.isEmpty }

    /// Processes an event and returns the resulting actions.
    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .requested(let streams):
            recordRequest(for: streams)
            return []
        case .streams(let carried, let wanted):
            return change(to: carried, requesting: wanted)
        case .acknowledged(let text):
            return acknowledge(text)
        case .failed(let text, let errorText):
            return refusal(in: text, errorText: errorText).map { [.refused($0)] } ?? []
        }
    }

    /// - Returns: whether any of them is new.
    @discardableResult
    private mutating func add(_ others: [InstrumentID: TradeStream]) -> Bool {
        var hasChanged = false
        for (id, stream) in others where streams[id] == nil {
            let symbol = stream.instrument.symbol.uppercased()
            // A removed instrument may be added again with another id, before or after its subscription has ended.
            if let former = ids[symbol] {
                streams[former] = nil
                if requested.remove(former) != nil { requested.insert(id) }
                if unanswered.remove(former) != nil { unanswered.insert(id) }
            }
            (streams[id], ids[symbol]) = (stream, id)
            hasChanged = true
        }
        return hasChanged
    }

    private mutating func recordRequest(for streams: [InstrumentID]) {
        requested.formUnion(streams)
        unanswered.formUnion(streams)
    }

    private mutating func change(
        to carried: [InstrumentID: TradeStream],
        requesting wanted: [InstrumentID]
    ) -> [Action] {
        // The decoder must change before the first trade of a new stream arrives.
        let decode: [Action] = add(carried) ? [.decode] : []
        let excess = requested.filter { carried[$0] == nil }.sorted()
        requested.subtract(excess)
        unanswered.subtract(excess)
        let lacking = wanted.filter { !requested.contains($0) }
        recordRequest(for: lacking)
        let unsubscribe: [Action] = excess.isEmpty ? [] : [.unsubscribe(excess)]
        return decode + unsubscribe + (lacking.isEmpty ? [] : [.subscribe(lacking)])
    }

    /// Records an acknowledgement of the streams that it names, or of all streams where it names none.
    private mutating func acknowledge(_ text: String) -> [Action] {
        guard !isAnswered else { return [] }
        let named = ids(in: text)
        if named.isEmpty { unanswered = [] } else { unanswered.subtract(named) }
        return isAnswered ? [.accepted] : []
    }

    private mutating func refusal(in text: String, errorText: String) -> SubscriptionRefusal? {
        guard !VenueErrorText.isAboutPace(errorText) else { return nil }
        let named = ids(in: text)
        // A message that repeats the complete request does not name the refused stream.
        let isNamed = !named.isEmpty && (named.count == 1 || !named.isSuperset(of: unanswered))
        let refused = isNamed ? named.intersection(requested) : unanswered
        guard !refused.isEmpty else { return nil }
        requested.subtract(refused)
        unanswered.subtract(refused)
        return SubscriptionRefusal(
            streams: refused.sorted(),
            isNamed: isNamed,
            unanswered: unanswered.sorted(),
            errorText: errorText
        )
    }

    /// The streams whose complete symbols occur in a text. A slash is part of some symbols and separates others.
    private func ids(in text: String) -> Set<InstrumentID> {
        func isOfSymbol(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || character == "-" || character == "_"
        }
        let parts = text.split { !isOfSymbol($0) } + text.split { !isOfSymbol($0) && $0 != "/" }
        return Set(parts.compactMap { ids[$0.uppercased()] })
    }
}

/// A venue's refusal of streams.
struct SubscriptionRefusal: Hashable, Sendable {
    /// The streams that it names; where it names none, all that were not answered yet.
    var streams: [InstrumentID]
    var isNamed: Bool
    /// Other streams without an answer; a venue that refuses complete requests has not accepted them.
    var unanswered: [InstrumentID]
    /// The venue's text for the log.
    var errorText: String
}
