import MarketData
import Testing

@testable import TradeFeeds

@Suite struct SubscriptionDialogueTests {
    private static let symbols = ["BTC-USD", "ETH-USD", "MKR-USD", "MKR-USD-SWAP"]

    private func dialogue() -> SubscriptionDialogue {
        let streams = Self.symbols.enumerated().map { index, symbol in
            (InstrumentID(index), TradeStream(instrument: Instrument(venue: .coinbase, symbol: symbol), name: "x"))
        }
        let dialogue = SubscriptionDialogue(streams: Dictionary(uniqueKeysWithValues: streams))
        dialogue.ask((0..<4).map { InstrumentID($0) })
        return dialogue
    }

    private func refusal(of message: String) -> SubscriptionRefusal? {
        refuse(message, dialogue())
    }

    private func refuse(_ message: String, _ dialogue: SubscriptionDialogue) -> SubscriptionRefusal? {
        let bytes = Array(message.utf8)
        return dialogue.refuse(bytes.span.bytes)
    }

    private func acknowledge(_ message: String, _ dialogue: SubscriptionDialogue) -> Bool {
        let bytes = Array(message.utf8)
        return dialogue.acknowledge(bytes.span.bytes)
    }

    @Test(
        "a message that names one of several streams refuses that one",
        arguments: [
            #"{"type":"error","message":"Failed to subscribe","reason":"MKR-USD is not a valid product"}"#,
            #"{"event":"error","code":"60018","msg":"Wrong URL or channel:trades-all,instId:MKR-USD doesn't exist."}"#,
            #"{"event":"error","code":"60018","msg":"doesn't exist.","arg":{"instId":"MKR-USD"}}"#,
            #"{"error":{"code":2,"msg":"no stream mkr-usd@aggTrade"},"id":2}"#,
            #"{"reason":"\u004dKR-USD."}"#, "MKR-USD",
        ]
    )
    func named(message: String) throws {
        let refusal = try #require(self.refusal(of: message))
        #expect(refusal.isNamed && refusal.streams == [InstrumentID(2)])
        #expect(refusal.unanswered == [0, 1, 3].map { InstrumentID($0) })
    }

    @Test(
        "a message that names no stream, or all of them, is about every stream without an answer",
        arguments: [
            #"{"type":"error","message":"Failed to subscribe"}"#, "", "{",
            #"{"event":"error","code":"60012","msg":"Invalid request: BTC-USD,ETH-USD,MKR-USD,MKR-USD-SWAP"}"#,
        ]
    )
    func unnamed(message: String) throws {
        let dialogue = dialogue()
        #expect(!acknowledge(#"{"arg":{"instId":"ETH-USD"}}"#, dialogue))
        let refusal = try #require(refuse(message, dialogue))
        #expect(!refusal.isNamed && refusal.streams == [0, 2, 3].map { InstrumentID($0) })
        #expect(refusal.unanswered == [])
        #expect(refuse(message, dialogue) == nil)
    }

    @Test(
        "a venue that is asked too often refuses no stream",
        arguments: ["Rate limit exceeded for MKR-USD", "Requests too frequent", "Too many requests"]
    )
    func pace(words: String) {
        #expect(refusal(of: #"{"type":"error","message":"\#(words)"}"#) == nil)
    }

    @Test("an acknowledgement without names answers the whole request")
    func acknowledged() {
        let dialogue = dialogue()
        #expect(acknowledge(#"{"result":null,"id":2}"#, dialogue))
        #expect(dialogue.isAnswered)
        #expect(dialogue.refuse("Failed to subscribe", words: "Failed to subscribe") == nil)
        #expect(dialogue.refuse("MKR-USD", words: "")?.streams == [InstrumentID(2)])
        #expect(dialogue.refuse("MKR-USD", words: "") == nil)
    }
}
