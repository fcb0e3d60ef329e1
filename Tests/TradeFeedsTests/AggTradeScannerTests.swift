import Foundation
import MarketData
import TestSupport
import Testing

@testable import TradeFeeds

@Suite struct AggTradeScannerTests {
    private static let symbols = [
        ("BTCUSDT", InstrumentID(0)), ("SUSHIUSDT", InstrumentID(1)), ("AKROUSDT", InstrumentID(2)),
    ]

    private static func frame(_ event: String) -> [UInt8] {
        Array(#"{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1723161256350,\#(event)}}"#.utf8)
    }

    /// Frames with the orders and fields of the last years.
    private static let frames = [
        #""a":5933014,"s":"BTCUSDT","p":"61800.30","q":"0.199","nq":"0.100","f":100,"l":105,"T":1723161256344,"m":true,"st":1"#,
        #""a":5933014,"s":"BTCUSDT","p":"61800.30","q":"0.199","f":100,"l":105,"T":1723161256344,"m":false"#,
        #""s":"BTCUSDT","a":5933014,"p":"61800","q":"0","f":0,"l":0,"T":1723161256344,"m":true"#,
        #""s":"BTCUSDT","a":1234567890123456,"p":"0.00012300","q":"100000000.5","f":1,"l":1,"T":1,"m":true"#,
    ].map(frame)

    /// Frames that only the full decoder may read.
    private static let unusual = [
        #""a":-1,"s":"BTCUSDT","p":"1","q":"1","f":1,"l":1,"T":1,"m":true"#,
        #""a":01,"s":"BTCUSDT","p":"1","q":"1","f":1,"l":1,"T":1,"m":true"#,
        #""a":1e2,"s":"BTCUSDT","p":"1","q":"1","f":1,"l":1,"T":1,"m":true"#,
        #""a":12345678901234567,"s":"BTCUSDT","p":"1","q":"1","f":1,"l":1,"T":1,"m":true"#,
        #""a":1,"s":"BTC\u0055SDT","p":"1","q":"1","f":1,"l":1,"T":1,"m":true"#,
        #""a":1,"s":"BTCUSDT","p":"01","q":"1","f":1,"l":1,"T":1,"m":true"#,
        #""a":1,"s":"BTCUSDT","p":"1.","q":"1","f":1,"l":1,"T":1,"m":true"#,
        #""a":1,"s":"BTCUSDT","p":".5","q":"1","f":1,"l":1,"T":1,"m":true"#,
        #""a":1,"s":"BTCUSDT","p":"1.00000000000000000001","q":"1","f":1,"l":1,"T":1,"m":true"#,
        #""a":1,"s":"BTCUSDT","p":"1","q":"1","f":1,"l":1,"T":9999999999999999,"m":true"#,
        #""a":1,"s":"BTCUSDT","p":"1","q":"1","f":1,"l":1,"T":1,"m":null"#,
        #""a":1,"s":"BTCUSDT","p":"1","q":"1","f":1,"l":1,"T":1,"m":true,"X":"MARKET""#,
        #""a":1,"s":"BTCUSDT","p":"1","q":"1","f":1,"l":1,"T":1,"m":true,"#,
        #""a": 1,"s":"BTCUSDT","p":"1","q":"1","f":1,"l":1,"T":1,"m":true"#,
    ].map(frame)

    /// The result of the full decoder, which the scanner must not contradict.
    private func expectSame(_ bytes: [UInt8]) {
        var decoder = BinanceTradeDecoder(stream: .aggTrade, symbols: Self.symbols)
        var quick: [Trade] = []
        var full: [Trade] = []
        let frame = bytes.span.bytes
        #expect(decoder.decode(frame, into: &quick) == decoder.decodeFully(frame, into: &full))
        #expect(quick == full, "\(String(decoding: bytes, as: UTF8.self))")
    }

    @Test("Frames in the venue's form are read with the result of the full decoder", arguments: frames)
    func venueFrames(bytes: [UInt8]) {
        #expect(AggTradeScanner.record(in: bytes.span.bytes) != nil)
        expectSame(bytes)
    }

    @Test("An unusual or invalid frame is not read by the scanner", arguments: unusual)
    func unusualFrames(bytes: [UInt8]) {
        #expect(AggTradeScanner.record(in: bytes.span.bytes) == nil)
        expectSame(bytes)
    }

    @Test("No truncation is read")
    func truncations() {
        for frame in Self.frames {
            for count in 0..<frame.count {
                #expect(AggTradeScanner.record(in: Array(frame[..<count]).span.bytes) == nil)
            }
            #expect(AggTradeScanner.record(in: (frame + [0x20]).span.bytes) == nil)
        }
    }

    @Test("Mutated frames have the result of the full decoder")
    func mutations() {
        var mutations = Mutations(seed: 7)
        for round in 0..<10_000 { expectSame(mutations.next(of: Self.frames[round % Self.frames.count])) }
    }

    @Test("Recorded and mutated frames have the full decoder's result", .enabled(if: SharedData.hasRecordings))
    func recorded() throws {
        let lines = try SharedData.lines("data/ws-frames-cryptofeed/BINANCE_FUTURES.ws.1.0.txt.gz")
        let frames = lines.compactMap { line in line.firstIndex(of: "{").map { Array(line[$0...].utf8) } }
        var mutations = Mutations(seed: 9)
        var read = 0
        for frame in frames {
            if AggTradeScanner.record(in: frame.span.bytes) != nil { read += 1 }
            expectSame(frame)
            if frame.count < 400 { expectSame(mutations.next(of: frame)) }
        }
        #expect(read > 0)
        #expect(read == lines.count { $0.contains(#""e":"aggTrade""#) })
    }
}
