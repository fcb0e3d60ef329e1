import Foundation
import MarketData
import TestSupport
import Testing

@testable import TradeFeeds

@Suite struct OKXTradeDecoderTests {
    private static let symbols = [("BTC-USDT-SWAP", InstrumentID(0)), ("ETH-USDT-SWAP", InstrumentID(1))]

    private static let trade = """
        {"instId":"BTC-USDT-SWAP","tradeId":"130639474","px":"42219.90","sz":"0.12","side":"buy","ts":"1630048897897",\
        "count":"1","source":"0","seqId":1234}
        """
    private static let message = #"{"arg":{"channel":"trades-all","instId":"BTC-USDT-SWAP"},"data":[\#(trade)]}"#

    private static let expected = Trade(
        instrument: InstrumentID(0),
        id: 130_639_474,
        time: Timestamp(microseconds: 1_630_048_897_897_000),
        price: FixedDecimal(mantissa: 4_221_990, scale: 2),
        quantity: FixedDecimal(mantissa: 12, scale: 2),
        takerSide: .buy
    )

    private func decode(_ text: String) -> (outcome: FrameOutcome, trades: [Trade]) {
        decode(Array(text.utf8))
    }

    private func decode(_ bytes: [UInt8]) -> (outcome: FrameOutcome, trades: [Trade]) {
        OKXTradeDecoder(symbols: Self.symbols).decoded(bytes)
    }

    private static func message(_ old: String, _ new: String) -> String {
        message.replacing(old, with: new)
    }

    @Test(
        "every valid JSON form of the message is decoded to the same trade",
        arguments: [
            message,
            #"{"data":[\#(trade)],"arg":{"instId":"BTC-USDT-SWAP","channel":"trades-all"}}"#,
            " \t\r\n" + message.replacing(",", with: " ,\n").replacing(":", with: " : ") + "\n",
            message(#""seqId":1234"#, #""new":{"px":[1,{"b":"\"}\u20AC"}],"ts":null}"#),
            message(#"{"arg""#, #"{"new":[{"instId":7}],"arg""#),
        ]
    )
    func shapes(text: String) {
        let (outcome, trades) = decode(text)
        #expect(outcome == .trades)
        #expect(trades == [Self.expected])
    }

    @Test("all trades of a message are delivered in order, including repeated ids")
    func several() {
        let second = Self.trade.replacing("130639474", with: "130639475").replacing("buy", with: "sell")
        let (outcome, trades) = decode(
            Self.message(Self.trade, [Self.trade, second, Self.trade].joined(separator: ","))
        )
        #expect(outcome == .trades)
        #expect(trades.map(\.id) == [130_639_474, 130_639_475, 130_639_474])
        #expect(trades.map(\.takerSide) == [.buy, .sell, .buy])
    }

    @Test("ten thousand trades in one message are ten thousand trades")
    func hugeArray() {
        let list = (1...10_000).map { Self.trade.replacing("130639474", with: "\($0)") }
        let (outcome, trades) = decode(Self.message(Self.trade, list.joined(separator: ",")))
        #expect(outcome == .trades)
        #expect(trades.map(\.id) == Array(1...10_000))
    }

    @Test(
        "a message about the connection or of another channel is not a trade",
        arguments: [
            ("pong", FrameOutcome.acknowledgement),
            (
                #"{"event":"subscribe","arg":{"channel":"trades-all","instId":"BTC-USDT-SWAP"},"connId":"a"}"#,
                .acknowledgement
            ),
            (#"{"event":"unsubscribe","arg":{"channel":"trades-all","instId":"BTC-USDT-SWAP"}}"#, .acknowledgement),
            (
                #"{"event":"error","code":"60018","msg":"Wrong URL or channel or instId doesn't exist."}"#,
                .failed(.refused)
            ),
            (#"{"event":"notice","code":"64008","msg":"The connection will soon be closed."}"#, .shutdownNotice),
            (#"{"event":"notice","code":"1","msg":"anything"}"#, .ignored),
            (#"{"event":"channel-conn-count","channel":"trades-all","connCount":"2"}"#, .ignored),
            (message("trades-all", "trades"), .ignored), (message("trades-all", "books"), .ignored),
            (message(trade, ""), .ignored), ("{}", .ignored),
        ]
    )
    func others(text: String, outcome: FrameOutcome) {
        let result = decode(text)
        #expect(result.outcome == outcome)
        #expect(result.trades.isEmpty)
    }

    @Test(
        "bad input has its reason and no trade",
        arguments: [
            ("", DecodeFailure.invalidJSON), ("hello", .invalidJSON), ("pong!", .invalidJSON), ("[]", .invalidJSON),
            (message + message, .invalidJSON), (message("[", "[,"), .invalidJSON), (message("}]", "},]"), .invalidJSON),
            (message(trade, "\(trade) \(trade)"), .invalidJSON), (message(trade, "7"), .wrongType),
            (message("[\(trade)]", trade), .wrongType), (message("[\(trade)]", "null"), .wrongType),
            (message(#""arg":{"channel":"trades-all","instId":"BTC-USDT-SWAP"},"#, ""), .missingField),
            (message(#"{"channel":"trades-all","instId":"BTC-USDT-SWAP"}"#, "null"), .missingField),
            (message(#""channel":"trades-all""#, #""channel":7"#), .wrongType),
            (message(#""tradeId":"130639474","#, ""), .missingField),
            (message(#""px":"42219.90","#, ""), .missingField), (message(trade, "\(trade),{}"), .missingField),
            (message(#""130639474""#, "130639474"), .wrongType), (message(#""130639474""#, #""""#), .wrongType),
            (message("130639474", "0130639474"), .wrongType), (message("130639474", "1.0"), .wrongType),
            (message("130639474", "1-2"), .wrongType), (message("130639474", "-"), .wrongType),
            (message("130639474", "-5"), .numberOutOfRange),
            (message("130639474", "99999999999999999999"), .numberOutOfRange),
            (message("1630048897897", "9223372036854775807"), .numberOutOfRange),
            (message("1630048897897", "1630048897897000"), .numberOutOfRange),
            (message(#""1630048897897""#, "1630048897897"), .wrongType),
            (message(#""42219.90""#, "42219.90"), .wrongType), (message(#""42219.90""#, "null"), .wrongType),
            (message("42219.90", "NaN"), .malformedDecimal), (message("42219.90", "1e5"), .malformedDecimal),
            (message("0.12", ""), .malformedDecimal), (message("0.12", "+1"), .malformedDecimal),
            (message(#""buy""#, #""hold""#), .wrongType), (message(#""buy""#, "true"), .wrongType),
            (message(#""instId":"BTC-USDT-SWAP","tradeId""#, #""instId":"DOGE-USDT-SWAP","tradeId""#), .unknownSymbol),
            (message(#""seqId":1234"#, #""px":"1""#), .duplicateField),
            (message(#"{"arg""#, #"{"data":[],"arg""#), .duplicateField),
            (message(#""px""#, #""p\ud83dx""#), .unsupportedEscape),
            (message("42219.90", #"\u0000"#), .unsupportedEscape),
            (message(#""buy""#, #""buy\n""#), .unsupportedEscape),
            (message(trade, trade + "," + trade.replacing("42219.90", with: "x")), .malformedDecimal),
        ]
    )
    func failures(text: String, failure: DecodeFailure) {
        let (outcome, trades) = decode(text)
        #expect(outcome == .failed(failure))
        #expect(trades.isEmpty)
    }

    @Test("text that is not UTF-8 has that reason")
    func invalidUTF8() {
        #expect(decode(Array(Self.message.utf8.dropLast(2)) + [0xFF, 0xFE]).outcome == .failed(.invalidUTF8))
    }

    @Test(
        "a record that is not a trade of the market keeps its id and has a reason",
        arguments: [
            ("42219.90", "0.0", DiscardReason.price), ("42219.90", "-1", .price), ("0.12", "-0.1", .quantity),
            ("0.12", "1.0000000000000000001", .decimalOverflow), ("42219.90", "99999999999999999999", .decimalOverflow),
        ]
    )
    func discards(old: String, new: String, reason: DiscardReason) {
        let (outcome, trades) = decode(Self.message(old, new))
        #expect(outcome == .trades)
        #expect(trades.map(\.discard) == [reason])
        #expect(trades.map(\.id) == [130_639_474])
    }

    @Test("every truncation of a message fails and none crashes")
    func truncation() {
        let bytes = Array(Self.message.utf8)
        for count in 0..<bytes.count {
            #expect(decode(Array(bytes[..<count])).outcome == .failed(.invalidJSON))
        }
    }

    @Test("random mutations never crash, and decoded trades equal those of an independent parser")
    func mutation() {
        var mutations = Mutations(seed: 20_220_513)
        var decoded = 0
        for _ in 0..<10_000 {
            let bytes = mutations.next(of: Array(Self.message.utf8))
            let (outcome, trades) = decode(bytes)
            guard outcome == .trades, trades.count == 1,
                let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            else { continue }
            decoded += 1
            let items = object["data"] as? [[String: Any]]
            #expect(items?.first?["tradeId"] as? String == "\(trades[0].id)")
            #expect(items?.first?["ts"] as? String == "\(trades[0].time.microseconds / 1000)")
            #expect(items?.first?["side"] as? String == trades[0].takerSide.description)
            if trades[0].discard == nil {
                #expect(items?.first?["px"] as? String == trades[0].price.description)
                #expect(items?.first?["sz"] as? String == trades[0].quantity.description)
            }
        }
        #expect(decoded > 1000)
    }

    @Test("recorded messages have the trades of an independent parser", .enabled(if: SharedData.hasRecordings))
    func recorded() throws {
        let instruments = ["BTC-USD-220527", "UNI-USD-SWAP", "BTC-USDT"]
        var decoder = OKXTradeDecoder(
            channel: "trades",
            symbols: instruments.enumerated().map { ($1, InstrumentID($0)) }
        )
        var trades: [Trade] = []
        var expected: [[String]] = []
        for text in try SharedData.messages(of: "OKX.ws.1.0.txt.gz") {
            let bytes = Array(text.utf8)
            if case .failed(let failure) = decoder.decode(bytes.span.bytes, into: &trades) {
                Issue.record("\(failure): \(text)")
            }
            let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            guard (object?["arg"] as? [String: String])?["channel"] == "trades" else { continue }
            for item in object?["data"] as? [[String: String]] ?? [] {
                expected.append(["instId", "tradeId", "px", "sz", "side", "ts"].map { item[$0] ?? "" })
            }
        }
        let found = trades.map { trade in
            [
                instruments[Int(trade.instrument.index)], "\(trade.id)", trade.price.description,
                trade.quantity.description, trade.takerSide.description, "\(trade.time.microseconds / 1000)",
            ]
        }
        #expect(found == expected)
        #expect(found.count == 74)
    }
}
