import Foundation
import MarketData
import Synchronization

/// Which streams a connection was asked for, and which of them the venue refuses.
///
/// Requests have no answer of their own at every venue, so that a refusal is about the streams that it names or, where it
/// names none, about all that are not answered yet.
final class SubscriptionDialogue: Sendable {
    private struct State {
        var asked: Set<InstrumentID> = []
        var unanswered: Set<InstrumentID> = []
    }

    private let ids: [String: InstrumentID]
    private let state = Mutex(State())

    /// - Parameter streams: those that the connection may carry.
    init(streams: [InstrumentID: TradeStream]) {
        ids = Dictionary(
            streams.map { ($0.value.instrument.symbol.uppercased(), $0.key) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Every stream that the connection was asked for.
    var asked: Set<InstrumentID> { state.withLock { $0.asked } }

    /// Whether every stream was answered.
    var isAnswered: Bool { state.withLock { $0.unanswered.isEmpty } }

    /// Records a request for streams.
    func ask(_ streams: [InstrumentID]) {
        state.withLock { state in
            state.asked.formUnion(streams)
            state.unanswered.formUnion(streams)
        }
    }

    /// Records an acknowledgement: of the streams that it names, or of all.
    /// - Returns: whether it was the last answer that was due.
    func acknowledge(_ message: RawSpan) -> Bool {
        guard !isAnswered else { return false }
        let named = ids(in: text(of: message))
        return state.withLock { state in
            if named.isEmpty { state.unanswered = [] } else { state.unanswered.subtract(named) }
            return state.unanswered.isEmpty
        }
    }

    /// Records an error message; nil where it refuses no stream.
    func refuse(_ message: RawSpan) -> SubscriptionRefusal? {
        let words = message.withUnsafeBytes { VenueWords.text(of: $0) } ?? "no reason"
        return refuse(text(of: message), words: words)
    }

    /// Records a refusal in these words; nil where it refuses no stream.
    func refuse(_ text: String, words: String) -> SubscriptionRefusal? {
        guard !Self.isAboutPace(words) else { return nil }
        let named = ids(in: text)
        return state.withLock { state in
            // A message that repeats the whole request names none.
            let isNamed = !named.isEmpty && (named.count == 1 || !named.isSuperset(of: state.unanswered))
            let refused = isNamed ? named.intersection(state.asked) : state.unanswered
            guard !refused.isEmpty else { return nil }
            state.asked.subtract(refused)
            state.unanswered.subtract(refused)
            return SubscriptionRefusal(
                streams: refused.sorted(),
                isNamed: isNamed,
                unanswered: state.unanswered.sorted(),
                words: words
            )
        }
    }

    /// A venue that is asked too often refuses no stream.
    private static func isAboutPace(_ words: String) -> Bool {
        let words = words.lowercased()
        return ["too frequent", "too many", "rate limit", "too fast"].contains { words.contains($0) }
    }

    private func text(of message: RawSpan) -> String {
        if let plain = JSONEscapes.decoded(message) { return String(decoding: plain, as: UTF8.self) }
        return message.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
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
