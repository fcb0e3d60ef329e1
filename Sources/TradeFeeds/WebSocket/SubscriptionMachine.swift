import MarketData

/// Which streams a connection was asked for, and which of them the venue has not answered.
///
/// Requests have no answer of their own at every venue, so that a refusal is about the streams that it names or, where it
/// names none, about all that are not answered yet.
struct SubscriptionMachine: Sendable {
    enum Event: Sendable {
        /// Streams are asked for.
        case asked([InstrumentID])
        /// The connection should carry these streams and ask for some of them.
        case streams(carried: [InstrumentID: TradeStream], asked: [InstrumentID])
        /// The venue acknowledges a request in these words.
        case acknowledged(String)
        /// The venue reports an error: all that it sent, and its words.
        case failed(String, words: String)
    }

    /// What is to be done, in this order.
    enum Action: Hashable, Sendable {
        /// Read messages with a decoder that finds ``SubscriptionMachine/streams``.
        case decode
        case unsubscribe([InstrumentID])
        case subscribe([InstrumentID])
        /// Every stream has its answer.
        case accepted
        case refused(SubscriptionRefusal)
    }

    /// Those that the connection carries or has carried: their trades may still arrive.
    private(set) var streams: [InstrumentID: TradeStream] = [:]
    /// Every stream that the connection was asked for.
    private(set) var asked: Set<InstrumentID> = []
    /// The streams by symbol, in capitals.
    private var ids: [String: InstrumentID] = [:]
    private var unanswered: Set<InstrumentID> = []

    /// - Parameter streams: those that the connection may carry.
    init(streams: [InstrumentID: TradeStream]) {
        add(streams)
    }

    /// Whether every stream was answered.
    var isAnswered: Bool { unanswered.isEmpty }

    /// Follows from an event what is to be done.
    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .asked(let streams):
            ask(streams)
            return []
        case .streams(let carried, let wanted):
            return change(to: carried, asking: wanted)
        case .acknowledged(let text):
            return acknowledge(text)
        case .failed(let text, let words):
            return refusal(in: text, words: words).map { [.refused($0)] } ?? []
        }
    }

    /// - Returns: whether any of them is new.
    @discardableResult
    private mutating func add(_ others: [InstrumentID: TradeStream]) -> Bool {
        var hasChanged = false
        for (id, stream) in others where streams[id] == nil {
            let symbol = stream.instrument.symbol.uppercased()
            // An instrument that was removed may come back under another number, before it is ended or after.
            if let former = ids[symbol] {
                streams[former] = nil
                if asked.remove(former) != nil { asked.insert(id) }
                if unanswered.remove(former) != nil { unanswered.insert(id) }
            }
            (streams[id], ids[symbol]) = (stream, id)
            hasChanged = true
        }
        return hasChanged
    }

    private mutating func ask(_ streams: [InstrumentID]) {
        asked.formUnion(streams)
        unanswered.formUnion(streams)
    }

    private mutating func change(
        to carried: [InstrumentID: TradeStream],
        asking wanted: [InstrumentID]
    ) -> [Action] {
        // Before the first trade of a new stream can come.
        let decode: [Action] = add(carried) ? [.decode] : []
        let excess = asked.filter { carried[$0] == nil }.sorted()
        asked.subtract(excess)
        unanswered.subtract(excess)
        let lacking = wanted.filter { !asked.contains($0) }
        ask(lacking)
        let unsubscribe: [Action] = excess.isEmpty ? [] : [.unsubscribe(excess)]
        return decode + unsubscribe + (lacking.isEmpty ? [] : [.subscribe(lacking)])
    }

    /// An acknowledgement is of the streams that it names, or of all.
    private mutating func acknowledge(_ text: String) -> [Action] {
        guard !isAnswered else { return [] }
        let named = ids(in: text)
        if named.isEmpty { unanswered = [] } else { unanswered.subtract(named) }
        return isAnswered ? [.accepted] : []
    }

    private mutating func refusal(in text: String, words: String) -> SubscriptionRefusal? {
        guard !Self.isAboutPace(words) else { return nil }
        let named = ids(in: text)
        // A message that repeats the whole request names none.
        let isNamed = !named.isEmpty && (named.count == 1 || !named.isSuperset(of: unanswered))
        let refused = isNamed ? named.intersection(asked) : unanswered
        guard !refused.isEmpty else { return nil }
        asked.subtract(refused)
        unanswered.subtract(refused)
        return SubscriptionRefusal(
            streams: refused.sorted(),
            isNamed: isNamed,
            unanswered: unanswered.sorted(),
            words: words
        )
    }

    /// A venue that is asked too often refuses no stream.
    private static func isAboutPace(_ words: String) -> Bool {
        let words = words.lowercased()
        return ["too frequent", "too many", "rate limit", "too fast"].contains { words.contains($0) }
    }

    /// The streams whose symbols stand in a text, with nothing before or after that belongs to a symbol.
    private func ids(in text: String) -> Set<InstrumentID> {
        let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "_" }
        return Set(words.compactMap { ids[$0.uppercased()] })
    }
}

/// A venue's refusal of streams.
struct SubscriptionRefusal: Hashable, Sendable {
    /// Those that it names; where it names none, all that were not answered yet.
    var streams: [InstrumentID]
    var isNamed: Bool
    /// Other streams without an answer, which a venue that refuses whole requests has not accepted.
    var unanswered: [InstrumentID]
    /// What the venue said.
    var words: String
}
