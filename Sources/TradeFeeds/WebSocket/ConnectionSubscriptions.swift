import Foundation
import MarketData
import Synchronization

/// The subscriptions of one connection, shared by its event loop and its supervisor; see ``SubscriptionMachine``.
final class ConnectionSubscriptions: Sendable {
    private let machine: Mutex<SubscriptionMachine>

    /// - Parameter streams: the streams that the connection may carry.
    init(streams: [InstrumentID: TradeStream]) {
        machine = Mutex(SubscriptionMachine(streams: streams))
    }

    /// The streams that the connection carries or has carried.
    var streams: [InstrumentID: TradeStream] { machine.withLock { $0.streams } }

    /// Records a request for streams.
    func recordRequest(for streams: [InstrumentID]) {
        machine.withLock { _ = $0.handle(.requested(streams)) }
    }

    /// Changes the streams that the connection carries, and those of them that it requests.
    /// - Returns: the actions that change the subscriptions.
    func change(
        to carried: [InstrumentID: TradeStream],
        requesting streams: [InstrumentID]
    ) -> [SubscriptionMachine.Action] {
        machine.withLock { $0.handle(.streams(carried: carried, requested: streams)) }
    }

    /// Records an acknowledgement of the streams that it names, or of all streams where it names none.
    /// - Returns: whether it was the last pending answer.
    func acknowledge(_ message: RawSpan) -> Bool {
        // Replies to keep-alive messages are acknowledgements, too.
        guard machine.withLock({ !$0.isAnswered }) else { return false }
        let text = Self.text(of: message)
        return machine.withLock { $0.handle(.acknowledged(text)).contains(.accepted) }
    }

    /// Records an error message; returns nil where it refuses no stream.
    func refuse(_ message: RawSpan) -> SubscriptionRefusal? {
        let errorText = message.withUnsafeBytes { VenueErrorText.text(of: $0) } ?? "no reason"
        return refuse(Self.text(of: message), errorText: errorText)
    }

    /// Records a refusal with this text; returns nil where it refuses no stream.
    func refuse(_ text: String, errorText: String) -> SubscriptionRefusal? {
        for case .refused(let refusal) in machine.withLock({ $0.handle(.failed(text, errorText: errorText)) }) {
            return refusal
        }
        return nil
    }

    private static func text(of message: RawSpan) -> String {
        if let plain = JSONEscapes.decoded(message) { return String(decoding: plain, as: UTF8.self) }
        return message.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
