import Foundation
import MarketData
import Testing

@testable import TradeFeeds

@Suite struct KrakenTradeDecoderTests {
    private static let symbols = [("BTC/USD", InstrumentID(0)), ("ETH/USD", InstrumentID(1))]

    private static let trade = """
        {"symbol":"BTC/USD","side":"buy","price":105944.20,"qty":0.00027620,"ord_type":"limit","trade_id":10218208,\
        "timestamp":"2023-10-06T17:35:55.440295Z"}
        """
    private static let message = #"{"channel":"trade","type":"update","data":[\#(trade)]}"#

    private static let expected = Trade(
        instrument: InstrumentID(0),
        id: 10_218_208,
        time: Timestamp(microseconds: 1_696_613_755_440_295),
        price: FixedDecimal(mantissa: 10_594_420, scale: 2),
        quantity: FixedDecimal(mantissa: 27_620, scale: 8),
        takerSide: .buy
    )

    private func decode(_ text: String) -> (outcome: FrameOutcome, trades: [Trade]) {
        decode(Array(text.utf8))
    }

    private func decode(_ bytes: [UInt8]) -> (outcome: FrameOutcome, trades: [Trade]) {
        KrakenTradeDecoder(symbols: Self.symbols).decoded(bytes)
    }

    private static func message(_ old: String, _ new: String) -> String {
        message.replacing(old, with: new)
    }

    @Test(
        "every valid JSON form of the message is decoded to the same trade",
        arguments: [
            message, #"{"data":[\#(trade)],"type":"update","channel":"trade"}"#,
            " \t\r\n" + message.replacing(#",""#, with: " ,\n\"").replacing(#"":"#, with: "\" : ") + "\n",
            message(#""ord_type":"limit""#, #""new":{"price":[1,{"b":"\"}\u20AC"}],"qty":null}"#),
            message("BTC/USD", #"BTC\/USD"#),
        ]
    )
    func shapes(text: String) {
        let (outcome, trades) = decode(text)
        #expect(outcome == .trades)
        #expect(trades == [Self.expected])
    }

    @Test("all trades of a message are delivered in order, including repeated ids")
    func several() {
        let second = Self.trade.replacing("10218208", with: "10218209").replacing("buy", with: "sell")
        let (outcome, trades) = decode(
            Self.message(Self.trade, [Self.trade, second, Self.trade].joined(separator: ","))
        )
        #expect(outcome == .trades)
        #expect(trades.map(\.id) == [10_218_208, 10_218_209, 10_218_208])
        #expect(trades.map(\.takerSide) == [.buy, .sell, .buy])
    }

    @Test("ten thousand trades in one message are ten thousand trades")
    func hugeArray() {
        let list = (1...10_000).map { Self.trade.replacing("10218208", with: "\($0)") }
        let (outcome, trades) = decode(Self.message(Self.trade, list.joined(separator: ",")))
        #expect(outcome == .trades)
        #expect(trades.map(\.id) == Array(1...10_000))
    }

    @Test("trades of a snapshot are older than the subscription")
    func snapshot() {
        let (outcome, trades) = decode(Self.message("update", "snapshot"))
        #expect(outcome == .lastTrade)
        #expect(trades == [Self.expected])
    }

    @Test(
        "a message about the connection or of another channel is not a trade",
        arguments: [
            (
                #"{"method":"subscribe","result":{"channel":"trade","symbol":"BTC/USD"},"success":true}"#,
                FrameOutcome.acknowledgement
            ),
            (#"{"method":"pong","time_in":"2023-09-25T09:04:31.742599Z"}"#, .acknowledgement),
            (
                #"{"error":"Already subscribed","method":"subscribe","success":false,"symbol":"BTC/USD"}"#,
                .acknowledgement
            ),
            (
                #"{"error":"Currency pair not supported XBT/EUR","method":"subscribe","success":false,"#
                    + #""symbol":"XBT/EUR"}"#, .failed(.refused)
            ),
            (#"{"error":"Subscription Not Found","method":"unsubscribe","success":false}"#, .ignored),
            (#"{"channel":"heartbeat"}"#, .ignored),
            (#"{"channel":"status","type":"update","data":[{"system":"online","version":"2.0.4"}]}"#, .ignored),
            (message(#""channel":"trade""#, #""channel":"ticker""#), .ignored), (message(trade, ""), .ignored),
            ("{}", .ignored),
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
            (message(#""channel":"trade""#, #""channel":7"#), .wrongType),
            (message(#""trade_id":10218208,"#, ""), .missingField),
            (message(#""price":105944.20,"#, ""), .missingField),
            (message(trade, "\(trade),{}"), .missingField), (message("10218208", #""10218208""#), .wrongType),
            (message("10218208", "1.0"), .wrongType), (message("10218208", "-5"), .numberOutOfRange),
            (message("10218208", "99999999999999999999"), .numberOutOfRange),
            (message("2023-10-06T17:35:55.440295Z", "2023-10-06 17:35:55"), .malformedTime),
            (message("2023-10-06", "2123-10-06"), .numberOutOfRange),
            (message(#""2023-10-06T17:35:55.440295Z""#, "1696613755"), .wrongType),
            (message("105944.20", #""105944.20""#), .wrongType), (message("105944.20", "null"), .wrongType),
            (message("105944.20", "1e5"), .malformedDecimal), (message("105944.20", "NaN"), .invalidJSON),
            (message(#""buy""#, #""b""#), .wrongType), (message(#""buy""#, "true"), .wrongType),
            (message("BTC/USD", "DOGE/USD"), .unknownSymbol),
            (message(#""ord_type":"limit""#, #""price":1"#), .duplicateField),
            (message(#"{"channel""#, #"{"data":[],"channel""#), .duplicateField),
            (message(#""buy""#, #""buy\n""#), .unsupportedEscape),
            (message(trade, trade + "," + trade.replacing("105944.20", with: "1E5")), .malformedDecimal),
            (#"{"method":"subscribe","success":1}"#, .wrongType),
            (#"{"error":"Malformed request"}"#, .refused),
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
            ("105944.20", "0.0", DiscardReason.price), ("105944.20", "-1", .price), ("0.00027620", "-0.1", .quantity),
            ("0.00027620", "1.0000000000000000001", .decimalOverflow),
            ("105944.20", "99999999999999999999", .decimalOverflow),
        ]
    )
    func discards(old: String, new: String, reason: DiscardReason) {
        let (outcome, trades) = decode(Self.message(old, new))
        #expect(outcome == .trades)
        #expect(trades.map(\.discard) == [reason])
        #expect(trades.map(\.id) == [10_218_208])
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
        var mutations = Mutations(seed: 20_231_006)
        var decoded = 0
        for _ in 0..<10_000 {
            let bytes = mutations.next(of: Array(Self.message.utf8))
            let (outcome, trades) = decode(bytes)
            guard outcome == .trades, trades.count == 1,
                let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            else { continue }
            decoded += 1
            let item = (object["data"] as? [[String: Any]])?.first
            #expect(item?["trade_id"] as? Int64 == trades[0].id)
            #expect(item?["side"] as? String == trades[0].takerSide.description)
            if trades[0].discard == nil {
                #expect(item?["price"] as? Double == trades[0].price.doubleValue)
                #expect(item?["qty"] as? Double == trades[0].quantity.doubleValue)
            }
        }
        #expect(decoded > 500)
    }
}
