import Foundation
import MarketData
import TestSupport
import Testing

@testable import TradeFeeds

@Suite struct CoinbaseTradeDecoderTests {
    private static let symbols = [("BTC-USD", InstrumentID(0)), ("ETH-USD", InstrumentID(1))]

    private static let match = """
        {"type":"match","trade_id":881613,"maker_order_id":"27fff20b","taker_order_id":"1da6ce16","side":"sell",\
        "size":"0.04000000","price":"14.7775","product_id":"BTC-USD","sequence":333938798,\
        "time":"2021-04-17T16:43:30.244075Z"}
        """
    private static let heartbeat = """
        {"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"ETH-USD","time":"2014-11-07T08:19:28.464459Z"}
        """

    private static let expected = Trade(
        instrument: InstrumentID(0),
        id: 881_613,
        time: Timestamp(microseconds: 1_618_677_810_244_075),
        price: FixedDecimal(mantissa: 147_775, scale: 4),
        quantity: FixedDecimal(mantissa: 4_000_000, scale: 8),
        takerSide: .buy
    )

    private func decode(_ text: String) -> (outcome: FrameOutcome, trades: [Trade]) {
        decode(Array(text.utf8))
    }

    private func decode(_ bytes: [UInt8]) -> (outcome: FrameOutcome, trades: [Trade]) {
        CoinbaseTradeDecoder(symbols: Self.symbols).decoded(bytes)
    }

    private static func match(_ old: String, _ new: String) -> String {
        match.replacing(old, with: new)
    }

    @Test(
        "every valid JSON form of a match is the same trade, with the taker's side opposite to the maker's",
        arguments: [
            match, " \t\r\n" + match.replacing(",", with: " ,\n").replacing("\":", with: "\" : ") + "\n",
            match(#""type":"match","#, "").replacing("}", with: #","type":"match"}"#),
            match(#""sequence":333938798"#, #""new":{"price":[1,{"b":"\"}\u20AC"}],"side":null}"#),
        ]
    )
    func shapes(text: String) {
        let (outcome, trades) = decode(text)
        #expect(outcome == .trades)
        #expect(trades == [Self.expected])
    }

    @Test("the match before the subscription is a trade, but does not prove that new trades arrive")
    func lastMatch() {
        let (outcome, trades) = decode(Self.match(#""match""#, #""last_match""#).replacing("sell", with: "buy"))
        #expect(outcome == .lastTrade)
        #expect(trades.map(\.id) == [881_613])
        #expect(trades.map(\.takerSide) == [.sell])
    }

    @Test("a duplicate id is delivered twice, because the owner of the ids detects duplicates")
    func duplicate() {
        var decoder = CoinbaseTradeDecoder(symbols: Self.symbols)
        var trades: [Trade] = []
        for _ in 0..<2 { _ = decoder.decode(Array(Self.match.utf8).span.bytes, into: &trades) }
        #expect(trades == [Self.expected, Self.expected])
    }

    @Test(
        "a message other than a match is not a trade",
        arguments: [
            (heartbeat, FrameOutcome.heartbeat(InstrumentID(1), lastID: 20)),
            (heartbeat.replacing(":20,", with: ":0,"), .ignored),
            (#"{"type":"subscriptions","channels":[{"name":"matches","product_ids":["BTC-USD"]}]}"#, .acknowledgement),
            (
                #"{"type":"error","message":"Failed to subscribe","reason":"BTC-X is not a valid product"}"#,
                .failed(.refused)
            ),
            (#"{"type":"l2update","product_id":"BTC-USD","changes":[["buy","1","2"]],"time":"x"}"#, .ignored),
            (#"{"type":"ticker","trade_id":7,"price":"1","side":"buy","time":"x","product_id":"BTC-USD"}"#, .ignored),
            (match(#""match""#, #""match2""#), .ignored),
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
            ("", DecodeFailure.invalidJSON), ("hello", .invalidJSON), ("[]", .invalidJSON),
            (match + match, .invalidJSON),
            ("{}", .missingField), (match(#""type":"match","#, ""), .missingField),
            (match(#""match""#, "7"), .wrongType), (match(#""match""#, #""match\b""#), .unsupportedEscape),
            (match(#""trade_id":881613,"#, ""), .missingField), (match(#""price":"14.7775","#, ""), .missingField),
            (match("881613", #""881613""#), .wrongType), (match("881613", "1.0"), .wrongType),
            (match("881613", "null"), .wrongType),
            (match("881613", "-5"), .numberOutOfRange), (match("881613", "99999999999999999999"), .numberOutOfRange),
            (match(#""14.7775""#, "14.7775"), .wrongType), (match(#""0.04000000""#, "[]"), .wrongType),
            (match("14.7775", "NaN"), .malformedDecimal), (match("14.7775", "1e5"), .malformedDecimal),
            (match("0.04000000", ""), .malformedDecimal), (match(#""sell""#, #""hold""#), .wrongType),
            (match(#""2021-04-17T16:43:30.244075Z""#, "1618677810"), .wrongType),
            (match("2021-04-17T", "2021-13-17T"), .malformedTime), (match("2021-", "2121-"), .numberOutOfRange),
            (match("BTC-USD", "DOGE-USD"), .unknownSymbol), (match("BTC-USD", #"BTC\"-USD"#), .unsupportedEscape),
            (match(#""sequence":333938798"#, #""trade_id":1"#), .duplicateField),
            (match(#""price""#, #""price\\""#), .unsupportedEscape),
            (heartbeat.replacing("ETH-USD", with: "DOGE-USD"), .unknownSymbol),
            (heartbeat.replacing("20,", with: #""20","#), .wrongType),
            (heartbeat.replacing(":20,", with: ":-1,"), .numberOutOfRange),
            (heartbeat.replacing(#""last_trade_id":20,"#, with: ""), .missingField),
            (match(#"333938798"#, "[" + String(repeating: "[0,", count: 40_000) + "0"), .invalidJSON),
        ]
    )
    func failures(text: String, failure: DecodeFailure) {
        let (outcome, trades) = decode(text)
        #expect(outcome == .failed(failure))
        #expect(trades.isEmpty)
    }

    @Test("a huge array in an unused member is skipped")
    func hugeArray() {
        let array = "[" + String(repeating: "[0,\"]\"],", count: 40_000) + "1]"
        #expect(decode(Self.match("333938798", array)).trades == [Self.expected])
    }

    @Test("text that is not UTF-8 has that reason")
    func invalidUTF8() {
        #expect(decode(Array(Self.match.utf8.dropLast(2)) + [0xFF, 0xFE]).outcome == .failed(.invalidUTF8))
    }

    @Test(
        "a record that is not a trade of the market keeps its id and has a reason",
        arguments: [
            ("14.7775", "0.0", DiscardReason.price), ("14.7775", "-1", .price), ("0.04000000", "-0.1", .quantity),
            ("0.04000000", "1.0000000000000000001", .decimalOverflow),
            ("14.7775", "99999999999999999999", .decimalOverflow),
        ]
    )
    func discards(old: String, new: String, reason: DiscardReason) {
        let (outcome, trades) = decode(Self.match(old, new))
        #expect(outcome == .trades)
        #expect(trades.map(\.discard) == [reason])
        #expect(trades.map(\.id) == [881_613])
    }

    @Test("every truncation of a message fails and none crashes", arguments: [match, heartbeat])
    func truncation(text: String) {
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            #expect(decode(Array(bytes[..<count])).outcome == .failed(.invalidJSON))
        }
    }

    @Test("random mutations never crash, and decoded trades equal those of an independent parser")
    func mutation() {
        var mutations = Mutations(seed: 20_210_417)
        var decoded = 0
        for _ in 0..<10_000 {
            let bytes = mutations.next(of: Array(Self.match.utf8))
            let (outcome, trades) = decode(bytes)
            guard outcome == .trades, let trade = trades.first,
                let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            else { continue }
            decoded += 1
            #expect((object["trade_id"] as? NSNumber)?.int64Value == trade.id)
            #expect(object["side"] as? String == (trade.takerSide == .buy ? "sell" : "buy"))
            if trade.discard == nil {
                #expect(object["price"] as? String == trade.price.description)
                #expect(object["size"] as? String == trade.quantity.description)
            }
        }
        #expect(decoded > 1000)
    }

    @Test("recorded messages have the trades of an independent parser", .enabled(if: SharedData.hasRecordings))
    func recorded() throws {
        let products = [
            "SKL-USD", "SKL-BTC", "BAND-GBP", "NMR-EUR", "BAND-BTC", "YFI-BTC", "DASH-BTC", "NU-GBP", "CRV-EUR",
            "SKL-GBP",
        ]
        var decoder = CoinbaseTradeDecoder(symbols: products.enumerated().map { ($1, InstrumentID($0)) })
        var trades: [Trade] = []
        var expected: [[String]] = []
        var outcomes: [FrameOutcome: Int] = [:]
        for text in try SharedData.messages(of: "COINBASE.ws.28.0.txt.gz") {
            let bytes = Array(text.utf8)
            outcomes[decoder.decode(bytes.span.bytes, into: &trades), default: 0] += 1
            guard text.contains(#"match","#),
                let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            else { continue }
            let taker = object["side"] as? String == "sell" ? "buy" : "sell"
            let id = (object["trade_id"] as? NSNumber)?.stringValue ?? ""
            expected.append([id, taker] + ["product_id", "price", "size", "time"].map { object[$0] as? String ?? "" })
        }
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let found = trades.map { trade in
            let milliseconds = Date(timeIntervalSince1970: Double(trade.time.microseconds / 1000) / 1000 + 0.0001)
            let micros = String(trade.time.microseconds % 1000 + 1000).dropFirst()
            let time = milliseconds.formatted(style).dropLast() + micros + "Z"
            return [
                "\(trade.id)", trade.takerSide.description, products[Int(trade.instrument.index)],
                trade.price.description, trade.quantity.description, String(time),
            ]
        }
        #expect(found == expected)
        #expect(outcomes[.trades] == 97)
        #expect(outcomes[.lastTrade] == 10)
        #expect(outcomes.keys.allSatisfy { if case .failed = $0 { false } else { true } })
    }
}
