import Foundation
import MarketData
import TestSupport
import Testing

@testable import TradeFeeds

@Suite struct BinanceTradeDecoderTests {
    private static let symbols = [
        ("BTCUSDT", InstrumentID(0)), ("ETHUSDT", InstrumentID(1)), ("币安USDT", InstrumentID(2)),
    ]

    private static let expected = Trade(
        instrument: InstrumentID(0),
        id: 5_933_014,
        time: Timestamp(microseconds: 1_723_161_256_344_000),
        price: FixedDecimal(mantissa: 6_180_030, scale: 2),
        quantity: FixedDecimal(mantissa: 199, scale: 3),
        takerSide: .sell
    )

    private func decode(
        _ bytes: [UInt8],
        stream: BinanceStream = .aggTrade
    ) -> (outcome: FrameOutcome, trades: [Trade]) {
        var decoder = BinanceTradeDecoder(stream: stream, symbols: Self.symbols)
        var trades: [Trade] = []
        let outcome = decoder.decode(bytes.span.bytes, into: &trades)
        return (outcome, trades)
    }

    private static let full = """
        {"e":"aggTrade","E":1723161256350,"a":5933014,"s":"BTCUSDT","p":"61800.30","q":"0.199","nq":"0.100","f":100,\
        "l":105,"T":1723161256344,"m":true,"st":1}
        """

    @Test(
        "every valid JSON form of the event is decoded to the same trade",
        arguments: [
            full,
            #"{"stream":"btcusdt@aggTrade","data":\#(full)}"#,
            #"{"data":\#(full),"stream":"btcusdt@aggTrade"}"#,
            " \t\r\n" + full.replacing(",", with: " ,\n").replacing(":", with: " : ") + "\n",
            #"{"m":true,"T":1723161256344,"q":"0.199","p":"61800.30","s":"BTCUSDT","a":5933014,"e":"aggTrade"}"#,
            full.replacing(#""p":"61800.30""#, with: #""p":61800.30"#),
            full.replacing(#""st":1"#, with: #""X":"MARKET","new":{"a":[1,{"b":"\"}\u20AC"}],"c":[]},"z":-1.5e+7"#),
            full.replacing(#""st":1"#, with: #""data":"not an object","result":null"#),
        ]
    )
    func shapes(text: String) {
        let (outcome, trades) = decode(Array(text.utf8))
        #expect(outcome == .trades)
        #expect(trades == [Self.expected])
    }

    @Test("the id of a single trade is t, and a symbol may be any UTF-8")
    func singleTrade() {
        let text = #"{"e":"trade","T":1,"s":"币安USDT","t":7,"a":8,"p":"0.00012300","q":"0","m":false,"X":"MARKET"}"#
        let (outcome, trades) = decode(Array(text.utf8), stream: .trade)
        #expect(outcome == .trades)
        #expect(trades.first?.id == 7)
        #expect(trades.first?.instrument == InstrumentID(2))
        #expect(trades.first?.price.description == "0.00012300")
        #expect(trades.first?.takerSide == .buy)
        #expect(trades.first?.discard == nil)
    }

    @Test(
        "an event of another kind is ignored",
        arguments: [
            #"{"e":"trade","T":1,"s":"BTCUSDT","t":7,"p":"1","q":"1","m":false}"#,
            #"{"stream":"x","data":{"e":"depthUpdate","s":"BTCUSDT","a":[["1","2"]],"b":[]}}"#,
            #"{"lastUpdateId":1,"E":2,"T":3,"bids":[["1.0","2"]],"asks":[]}"#,
            "{}", #"{"data":{}}"#,
        ]
    )
    func ignored(text: String) {
        let (outcome, trades) = decode(Array(text.utf8))
        #expect(outcome == .ignored)
        #expect(trades.isEmpty)
    }

    @Test(
        "the announcement of a shutdown is recognized, wrapped or not",
        arguments: [
            #"{"e":"serverShutdown","E":1770123456789}"#,
            #"{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1770123456789}}"#,
        ]
    )
    func shutdownNotice(text: String) {
        #expect(decode(Array(text.utf8)).outcome == .shutdownNotice)
    }

    @Test(
        "a reply to a request is an acknowledgement",
        arguments: [#"{"result":null,"id":1}"#, #"{"id":1,"result":[]}"#]
    )
    func acknowledgement(text: String) {
        #expect(decode(Array(text.utf8)).outcome == .acknowledgement)
    }

    @Test("bad input has its reason", arguments: BadInput.all)
    func failures(input: BadInput) {
        let (outcome, trades) = decode(input.bytes)
        #expect(outcome == .failed(input.failure))
        #expect(trades.isEmpty)
    }

    @Test(
        "a record that is not a trade of the market keeps its id and has a reason",
        arguments: [
            (["X": #""INSURANCE_FUND""#], DiscardReason.orderType), (["X": #""""#], .orderType),
            (["p": #""0.00""#], .price),
            (["p": #""-1""#], .price), (["q": #""-0.1""#], .quantity),
            (["q": #""1.0000000000000000001""#], .decimalOverflow),
            (["p": #""99999999999999999999.5""#], .decimalOverflow), (["X": #""ADL""#, "p": #""0""#], .orderType),
        ]
    )
    func discards(changes: [String: String], reason: DiscardReason) {
        let (outcome, trades) = decode(Array(BadInput.event(changes).utf8))
        #expect(outcome == .trades)
        #expect(trades.first?.discard == reason)
        #expect(trades.first?.id == 101)
    }

    @Test("a duplicate id is delivered twice, because the owner of the ids detects duplicates")
    func duplicate() {
        var decoder = BinanceTradeDecoder(stream: .aggTrade, symbols: Self.symbols)
        var trades: [Trade] = []
        for _ in 0..<2 { _ = decoder.decode(Array(Self.full.utf8).span.bytes, into: &trades) }
        #expect(trades == [Self.expected, Self.expected])
    }

    @Test("a huge array in an unused field is skipped")
    func hugeArray() {
        let array = "[" + String(repeating: "[0,\"]\"],", count: 40_000) + "1]"
        #expect(decode(Array(Self.full.replacing(#""st":1"#, with: #""st":\#(array)"#).utf8)).trades == [Self.expected])
    }

    @Test("every truncation of a frame fails and none crashes")
    func truncation() {
        for wrapped in [Self.full, #"{"stream":"btcusdt@aggTrade","data":\#(Self.full)}"#] {
            let bytes = Array(wrapped.utf8)
            for count in 0..<bytes.count {
                let (outcome, trades) = decode(Array(bytes[..<count]))
                #expect(outcome == .failed(.invalidJSON))
                #expect(trades.isEmpty)
            }
        }
    }

    @Test("random mutations never crash, and decoded trades equal those of an independent parser")
    func mutation() {
        var generator = SeededRandom(seed: 20_240_808)
        let alphabet = Array(#"{}[]":,\0123456789.-+eEtrufalsn "#.utf8) + [0x00, 0x80, 0xC3, 0xFF]
        var decoded = 0
        var unread = 0
        for round in 0..<10_000 {
            var bytes = Array((round % 2 == 0 ? Self.full : #"{"stream":"s","data":\#(Self.full)}"#).utf8)
            for _ in 0..<(1 + Int(generator.next() % 3)) {
                let position = Int(generator.next() % UInt64(bytes.count))
                let byte = alphabet[Int(generator.next() % UInt64(alphabet.count))]
                switch generator.next() % 3 {
                case 0: bytes[position] = byte
                case 1: bytes.insert(byte, at: position)
                default: bytes.remove(at: position)
                }
            }
            let (outcome, trades) = decode(bytes)
            guard outcome == .trades, let trade = trades.first else { continue }
            decoded += 1
            // Foundation refuses numbers beyond a double, which JSON allows in fields that are skipped.
            guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
                unread += 1
                continue
            }
            let event = object["data"] as? [String: Any] ?? object
            #expect(event["e"] as? String == "aggTrade")
            #expect((event["a"] as? NSNumber)?.int64Value == trade.id)
            #expect((event["T"] as? NSNumber)?.int64Value == trade.time.microseconds / 1000)
            #expect((event["m"] as? NSNumber)?.boolValue == (trade.takerSide == .sell))
            if trade.discard == nil, let price = event["p"] as? String {
                #expect(price == trade.price.description)
            }
        }
        #expect(decoded > 1000)
        #expect(unread * 50 < decoded)
    }

    @Test("mutated recorded frames never crash", .enabled(if: SharedData.hasRecordings))
    func recordedMutation() throws {
        var generator = SeededRandom(seed: 1)
        let lines = try SharedData.lines("data/binance-usdm-20240808/frames-mixed-20s.ndjson.gz")
        var outcomes: [FrameOutcome: Int] = [:]
        for line in lines.prefix(3000) {
            var bytes = Array(line.utf8.drop { $0 != UInt8(ascii: "{") })
            for _ in 0..<4 {
                let position = Int(generator.next() % UInt64(bytes.count))
                bytes[position] = UInt8(generator.next() % 128)
            }
            outcomes[decode(bytes, stream: .trade).outcome, default: 0] += 1
        }
        #expect(outcomes.values.reduce(0, +) == 3000)
        #expect(outcomes[.failed(.invalidJSON), default: 0] > 1000)
    }

    @Test("frames of another recorder are decoded to the trades in their text", .enabled(if: SharedData.hasRecordings))
    func otherRecorder() throws {
        let lines = try SharedData.lines("data/ws-frames-cryptofeed/BINANCE_FUTURES.ws.1.0.txt.gz")
        let frames = lines.compactMap { line in line.firstIndex(of: "{").map { Array(line[$0...].utf8) } }
        let symbols = ["SUSHIUSDT", "AKROUSDT", "KEEPUSDT", "CTKUSDT"].enumerated().map { ($1, InstrumentID($0)) }
        var decoder = BinanceTradeDecoder(stream: .aggTrade, symbols: symbols)
        var trades: [Trade] = []
        for frame in frames { _ = decoder.decode(frame.span.bytes, into: &trades) }
        #expect(trades.count == lines.count { $0.contains(#""e":"aggTrade""#) })
        #expect(trades.count == 91)
    }
}
