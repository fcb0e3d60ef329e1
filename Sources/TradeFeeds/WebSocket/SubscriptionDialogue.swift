import Foundation
import MarketData
import Synchronization

/// The subscriptions of one connection, which its event loop and its supervisor share; see ``SubscriptionMachine``.
final class SubscriptionDialogue: Sendable {
    private let machine: Mutex<SubscriptionMachine>

    /// - Parameter streams: those that the connection may carry.
    init(streams: [InstrumentID: TradeStream]) {
        machine = Mutex(SubscriptionMachine(streams: streams))
    }

    /// Those that the connection carries or has carried.
    var streams: [InstrumentID: TradeStream] { machine.withLock { $0.streams } }

    /// Records a request for streams.
    func ask(_ streams: [InstrumentID]) {
        machine.withLock { _ = $0.handle(.asked(streams)) }
    }

    /// Changes which streams the connection carries, and which of them it asks for.
    /// - Returns: what the venue must be asked.
    func change(to carried: [InstrumentID: TradeStream], asking streams: [InstrumentID]) -> [SubscriptionMachine.Action]
    {
        machine.withLock { $0.handle(.streams(carried: carried, asked: streams)) }
    }

    /// Records an acknowledgement: of the streams that it names, or of all.
    /// - Returns: whether it was the last answer that was due.
    func acknowledge(_ message: RawSpan) -> Bool {
        // Answers to what keeps the connection alive are acknowledgements too.
        guard machine.withLock({ !$0.isAnswered }) else { return false }
        let text = Self.text(of: message)
        return machine.withLock { $0.handle(.acknowledged(text)).contains(.accepted) }
    }

    /// Records an error message; nil where it refuses no stream.
    func refuse(_ message: RawSpan) -> SubscriptionRefusal? {
        let words = message.withUnsafeBytes { VenueWords.text(of: $0) } ?? "no reason"
        return refuse(Self.text(of: message), words: words)
    }

    /// Records a refusal in these words; nil where it refuses no stream.
    func refuse(_ text: String, words: String) -> SubscriptionRefusal? {
        for case .refused(let refusal) in machine.withLock({ $0.handle(.failed(text, words: words)) }) {
            return refusal
        }
        return nil
    }

    private static func text(of message: RawSpan) -> String {
        if let plain = JSONEscapes.decoded(message) { return String(decoding: plain, as: UTF8.self) }
        return message.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
