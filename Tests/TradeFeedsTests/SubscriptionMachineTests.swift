import MarketData
import Testing

@testable import TradeFeeds

@Suite struct SubscriptionMachineTests {
    private static let symbols = ["BTC-USD", "ETH-USD", "MKR-USD", "MKR-USD-SWAP"]

    private static func ids(_ indices: Int...) -> [InstrumentID] { indices.map { InstrumentID($0) } }

    private static func streams(_ indices: Int...) -> [InstrumentID: TradeStream] {
        let streams = indices.map { index in
            let instrument = Instrument(venue: .coinbase, symbol: symbols[index])
            return (InstrumentID(index), TradeStream(instrument: instrument, name: "x"))
        }
        return Dictionary(uniqueKeysWithValues: streams)
    }

    /// Four requested streams without an answer.
    private func requested() -> SubscriptionMachine {
        var machine = SubscriptionMachine(streams: Self.streams(0, 1, 2, 3))
        _ = machine.handle(.requested(Self.ids(0, 1, 2, 3)))
        return machine
    }

    /// The refusal that follows from an error message.
    private func refusal(of message: String, by machine: inout SubscriptionMachine) -> SubscriptionRefusal? {
        for case .refused(let refusal) in machine.handle(.failed(message, errorText: message)) { return refusal }
        return nil
    }

    @Test(
        "a message that names one of several streams refuses that one",
        arguments: [
            #"{"type":"error","message":"Failed to subscribe","reason":"MKR-USD is not a valid product"}"#,
            #"{"event":"error","code":"60018","msg":"Wrong URL or channel:trades-all,instId:MKR-USD doesn't exist."}"#,
            #"{"event":"error","code":"60018","msg":"doesn't exist.","arg":{"instId":"MKR-USD"}}"#,
            #"{"error":{"code":2,"msg":"no stream mkr-usd@aggTrade"},"id":2}"#, "MKR-USD",
        ]
    )
    func named(message: String) throws {
        var machine = requested()
        let refusal = try #require(refusal(of: message, by: &machine))
        #expect(refusal.isNamed && refusal.streams == Self.ids(2))
        #expect(refusal.unanswered == Self.ids(0, 1, 3))
        #expect(machine.requested == Set(Self.ids(0, 1, 3)))
    }

    @Test("a symbol with a slash is named, and a slash beside another symbol is not part of it")
    func slashes() throws {
        let pairs = ["BTC/USD", "ETH/USD", "SOL-USD"].enumerated().map { index, symbol in
            let instrument = Instrument(venue: .kraken, symbol: symbol)
            return (InstrumentID(index), TradeStream(instrument: instrument, name: "trade"))
        }
        var machine = SubscriptionMachine(streams: Dictionary(uniqueKeysWithValues: pairs))
        _ = machine.handle(.requested(Self.ids(0, 1, 2)))
        let first = try #require(refusal(of: "Currency pair not supported ETH/USD", by: &machine))
        #expect(first.isNamed && first.streams == Self.ids(1))
        let second = try #require(refusal(of: "no such path: /products/SOL-USD/trades", by: &machine))
        #expect(second.isNamed && second.streams == Self.ids(2))
    }

    @Test(
        "a message that names no stream, or all of them, concerns every stream without an answer",
        arguments: [
            #"{"type":"error","message":"Failed to subscribe"}"#, "", "{",
            #"{"event":"error","code":"60012","msg":"Invalid request: BTC-USD,ETH-USD,MKR-USD,MKR-USD-SWAP"}"#,
        ]
    )
    func unnamed(message: String) throws {
        var machine = requested()
        #expect(machine.handle(.acknowledged(#"{"arg":{"instId":"ETH-USD"}}"#)).isEmpty)
        let refusal = try #require(refusal(of: message, by: &machine))
        #expect(!refusal.isNamed && refusal.streams == Self.ids(0, 2, 3))
        #expect(refusal.unanswered == [])
        #expect(self.refusal(of: message, by: &machine) == nil)
    }

    @Test(
        "an error about the rate of requests refuses no stream",
        arguments: ["Rate limit exceeded for MKR-USD", "Requests too frequent", "Too many requests"]
    )
    func pace(text: String) {
        var machine = requested()
        #expect(machine.handle(.failed(text, errorText: text)).isEmpty)
        #expect(!machine.isAnswered)
    }

    @Test("an acknowledgement without names answers the complete request")
    func acknowledged() {
        var machine = requested()
        #expect(machine.handle(.acknowledged(#"{"result":null,"id":2}"#)) == [.accepted])
        #expect(machine.isAnswered)
        #expect(machine.handle(.acknowledged("pong")).isEmpty)
        #expect(refusal(of: "Failed to subscribe", by: &machine) == nil)
        #expect(refusal(of: "MKR-USD", by: &machine)?.streams == Self.ids(2))
        #expect(refusal(of: "MKR-USD", by: &machine) == nil)
    }

    @Test("only added and removed streams are requested, and the others are not requested again")
    func changes() {
        var machine = SubscriptionMachine(streams: Self.streams(0, 1))
        _ = machine.handle(.requested(Self.ids(0, 1)))
        _ = machine.handle(.acknowledged("all"))
        #expect(machine.handle(.streams(carried: Self.streams(0, 1), requested: Self.ids(0, 1))).isEmpty)
        let change = SubscriptionMachine.Event.streams(carried: Self.streams(1, 2, 3), requested: Self.ids(1, 2))
        #expect(machine.handle(change) == [.decode, .unsubscribe(Self.ids(0)), .subscribe(Self.ids(2))])
        #expect(machine.handle(change).isEmpty)
        #expect(machine.requested == Set(Self.ids(1, 2)))
        // The answer to an unsubscription does not concern other streams.
        #expect(machine.handle(.acknowledged("unsubscribed BTC-USD")).isEmpty)
        #expect(refusal(of: "MKR-USD", by: &machine)?.streams == Self.ids(2))
        let back = SubscriptionMachine.Event.streams(carried: Self.streams(0, 1, 2, 3), requested: Self.ids(0, 1))
        #expect(machine.handle(back) == [.subscribe(Self.ids(0))])
    }

    @Test("an instrument added again with another id has that id")
    func renumbered() throws {
        var machine = SubscriptionMachine(streams: Self.streams(0, 1))
        _ = machine.handle(.requested(Self.ids(0, 1)))
        _ = machine.handle(.streams(carried: Self.streams(1), requested: Self.ids(1)))
        let carried = Self.streams(1).merging([InstrumentID(9): try #require(Self.streams(0)[InstrumentID(0)])]) { $1 }
        let change = SubscriptionMachine.Event.streams(carried: carried, requested: Self.ids(1, 9))
        #expect(machine.handle(change) == [.decode, .subscribe(Self.ids(9))])
        #expect(machine.streams == carried)
        // Its subscription has not ended, so the venue still sends it.
        let again = Self.streams(1).merging([InstrumentID(12): try #require(carried[InstrumentID(9)])]) { $1 }
        #expect(machine.handle(.streams(carried: again, requested: Self.ids(1, 12))) == [.decode])
        #expect(machine.requested == Set(Self.ids(1, 12)))
        #expect(refusal(of: "BTC-USD", by: &machine)?.streams == Self.ids(12))
    }

    @Test("a carried stream that is refused elsewhere is neither requested nor ended")
    func refusedElsewhere() {
        var machine = requested()
        let change = SubscriptionMachine.Event.streams(carried: Self.streams(0, 1, 2, 3), requested: Self.ids(0, 1))
        #expect(machine.handle(change).isEmpty)
        #expect(machine.requested == Set(Self.ids(0, 1, 2, 3)))
    }

    @Test("names are found with escapes, and replies to keep-alive messages have no effect")
    func dialogue() {
        let dialogue = ConnectionSubscriptions(streams: Self.streams(0, 1, 2, 3))
        dialogue.recordRequest(for: Self.ids(0, 2))
        let message = Array(#"{"reason":"\u004dKR-USD."}"#.utf8)
        let refusal = dialogue.refuse(message.span.bytes)
        #expect(refusal?.streams == Self.ids(2))
        let pong = Array("pong".utf8)
        let (first, second) = (dialogue.acknowledge(pong.span.bytes), dialogue.acknowledge(pong.span.bytes))
        #expect(first && !second)
    }
}
