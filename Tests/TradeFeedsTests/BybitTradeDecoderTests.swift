import Foundation
import MarketData
import Testing

@testable import TradeFeeds

@Suite struct BybitTradeDecoderTests {
    private static let symbols = [("BTCUSDT", InstrumentID(0)), ("ETHUSDT", InstrumentID(1))]

    private static let trade = """
        {"T":1790409769487,"s":"BTCUSDT","S":"Sell","v":"0.010","p":"84017.50","L":"MinusTick","i":"865f1dcd-7a1e",\
        "BT":false,"RPI":false,"seq":816281670081}
        """
    private static let message =
        #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1790409769488,"data":[\#(trade)]}"#

    private static let expected = Trade(
        instrument: InstrumentID(0),
        id: 816_281_670_081,
        time: Timestamp(microseconds: 1_790_409_769_487_000),
        price: FixedDecimal(mantissa: 8_401_750, scale: 2),
        quantity: FixedDecimal(mantissa: 10, scale: 3),
        takerSide: .sell
    )

    private func decode(_ text: String) -> (outcome: FrameOutcome, trades: [Trade]) {
        decode(Array(text.utf8))
    }

    private func decode(_ bytes: [UInt8]) -> (outcome: FrameOutcome, trades: [Trade]) {
        BybitTradeDecoder(symbols: Self.symbols).decoded(bytes)
    }

    private static func message(_ old: String, _ new: String) -> String {
        message.replacing(old, with: new)
    }

    @Test(
        "every valid JSON form of the message is decoded to the same trade",
        arguments: [
            message,
            #"{"data":[\#(trade)],"topic":"publicTrade.BTCUSDT"}"#,
            " \t\r\n" + message.replacing(",", with: " ,\n").replacing(":", with: " : ") + "\n",
            message(#""L":"MinusTick""#, #""new":{"p":[1,{"b":"\"}\u20AC"}],"T":null}"#),
            message(#""BT":false,"#, ""), message(#""RPI":false"#, #""RPI":true"#),
        ]
    )
    func shapes(text: String) {
        let (outcome, trades) = decode(text)
        #expect(outcome == .trades)
        #expect(trades == [Self.expected])
    }

    @Test("all trades of a message are delivered in order, with the number of their match")
    func several() {
        let second = Self.trade.replacing("670081", with: "670090").replacing("Sell", with: "Buy")
        let (outcome, trades) = decode(
            Self.message(Self.trade, [Self.trade, Self.trade, second].joined(separator: ","))
        )
        #expect(outcome == .trades)
        #expect(trades.map(\.id) == [816_281_670_081, 816_281_670_081, 816_281_670_090])
        #expect(trades.map(\.takerSide) == [.sell, .sell, .buy])
    }

    @Test("ten thousand trades in one message are ten thousand trades")
    func hugeArray() {
        let list = (1...10_000).map { Self.trade.replacing("816281670081", with: "\($0)") }
        let (outcome, trades) = decode(Self.message(Self.trade, list.joined(separator: ",")))
        #expect(outcome == .trades)
        #expect(trades.map(\.id) == Array(1...10_000))
    }

    @Test(
        "a message about the connection or of another topic is not a trade",
        arguments: [
            (
                #"{"success":true,"ret_msg":"","conn_id":"3cd84cb1","req_id":"","op":"subscribe"}"#,
                FrameOutcome.acknowledgement
            ),
            (#"{"success":true,"ret_msg":"pong","conn_id":"465772b1","req_id":"","op":"ping"}"#, .acknowledgement),
            (
                #"{"success":false,"ret_msg":"error:already subscribed,topic:publicTrade.BTCUSDT","op":"subscribe"}"#,
                .acknowledgement
            ),
            (
                #"{"success":false,"ret_msg":"Invalid symbol :[publicTrade.NONEUSDT]","op":"subscribe"}"#,
                .failed(.refused)
            ),
            (#"{"success":false,"ret_msg":"error","op":"unsubscribe"}"#, .ignored),
            (#"{"args":["1672916271846"],"op":"pong"}"#, .ignored),
            (message("publicTrade.BTCUSDT", "tickers.BTCUSDT"), .ignored),
            (message("publicTrade.BTCUSDT", "trade.BTCUSDT"), .ignored),
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
            ("", DecodeFailure.invalidJSON), ("hello", .invalidJSON), ("[]", .invalidJSON),
            (message + message, .invalidJSON), (message("[", "[,"), .invalidJSON), (message("}]", "},]"), .invalidJSON),
            (message(trade, "7"), .wrongType), (message("[\(trade)]", trade), .wrongType),
            (message("[\(trade)]", "null"), .wrongType), (message(#","data":[\#(trade)]"#, ""), .missingField),
            (message(#""topic":"publicTrade.BTCUSDT""#, #""topic":7"#), .wrongType),
            (message(#","seq":816281670081"#, ""), .missingField), (message(#""p":"84017.50","#, ""), .missingField),
            (message(#""s":"BTCUSDT","#, ""), .missingField), (message(trade, "\(trade),{}"), .missingField),
            (message("816281670081", #""816281670081""#), .wrongType), (message("816281670081", "1.0"), .wrongType),
            (message("816281670081", "-5"), .numberOutOfRange),
            (message("816281670081", "99999999999999999999"), .numberOutOfRange),
            (message("1790409769487", "9223372036854775807"), .numberOutOfRange),
            (message("1790409769487", "1790409769487000"), .numberOutOfRange),
            (message("1790409769487", #""1790409769487""#), .wrongType),
            (message(#""84017.50""#, "84017.50"), .wrongType), (message("84017.50", "NaN"), .malformedDecimal),
            (message("84017.50", "1e5"), .malformedDecimal), (message("0.010", ""), .malformedDecimal),
            (message(#""Sell""#, #""sell""#), .wrongType), (message(#""Sell""#, "true"), .wrongType),
            (message(#""BT":false"#, #""BT":0"#), .wrongType),
            (message(#""s":"BTCUSDT""#, #""s":"DOGEUSDT""#), .unknownSymbol),
            (message(#""RPI":false"#, #""p":"1""#), .duplicateField),
            (message(#"{"topic""#, #"{"data":[],"topic""#), .duplicateField),
            (message("84017.50", #"\u0000"#), .unsupportedEscape),
            (message(trade, trade + "," + trade.replacing("84017.50", with: "x")), .malformedDecimal),
            (#"{"success":1}"#, .wrongType),
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
        "a record that is not a trade of the market has a reason",
        arguments: [
            (#""BT":false"#, #""BT":true"#, DiscardReason.orderType), ("84017.50", "0.0", .price),
            ("84017.50", "-1", .price), ("0.010", "-0.1", .quantity),
            ("84017.50", "99999999999999999999", .decimalOverflow),
        ]
    )
    func discards(old: String, new: String, reason: DiscardReason) {
        let (outcome, trades) = decode(Self.message(old, new))
        #expect(outcome == .trades)
        #expect(trades.map(\.discard) == [reason])
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
        var mutations = Mutations(seed: 20_260_926)
        var decoded = 0
        for _ in 0..<10_000 {
            let bytes = mutations.next(of: Array(Self.message.utf8))
            let (outcome, trades) = decode(bytes)
            guard outcome == .trades, trades.count == 1,
                let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            else { continue }
            decoded += 1
            let item = (object["data"] as? [[String: Any]])?.first
            #expect(item?["seq"] as? Int64 == trades[0].id)
            #expect(item?["T"] as? Int64 == trades[0].time.microseconds / 1000)
            #expect((item?["S"] as? String)?.lowercased() == trades[0].takerSide.description)
            if trades[0].discard == nil {
                #expect(item?["p"] as? String == trades[0].price.description)
                #expect(item?["v"] as? String == trades[0].quantity.description)
            }
        }
        #expect(decoded > 1000)
    }
}
