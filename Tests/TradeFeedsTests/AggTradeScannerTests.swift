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

    /// The orders and fields of the last years.
    private static let frames = [
        #""a":5933014,"s":"BTCUSDT","p":"61800.30","q":"0.199","nq":"0.100","f":100,"l":105,"T":1723161256344,"m":true,"st":1"#,
        #""a":5933014,"s":"BTCUSDT","p":"61800.30","q":"0.199","f":100,"l":105,"T":1723161256344,"m":false"#,
        #""s":"BTCUSDT","a":5933014,"p":"61800","q":"0","f":0,"l":0,"T":1723161256344,"m":true"#,
        #""s":"BTCUSDT","a":1234567890123456,"p":"0.00012300","q":"100000000.5","f":1,"l":1,"T":1,"m":true"#,
    ].map(frame)

    /// What only the full decoder may judge.
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

    /// The full decoder's judgement, which the quick one must share whether or not the scanner reads the frame.
    private func expectSame(_ bytes: [UInt8]) {
        var decoder = BinanceTradeDecoder(stream: .aggTrade, symbols: Self.symbols)
        var quick: [Trade] = []
        var full: [Trade] = []
        let frame = bytes.span.bytes
        #expect(decoder.decode(frame, into: &quick) == decoder.decodeFully(frame, into: &full))
        #expect(quick == full, "\(String(decoding: bytes, as: UTF8.self))")
    }

    @Test("Frames as the venue writes them are read, and as the full decoder reads them", arguments: frames)
    func venueFrames(bytes: [UInt8]) {
        #expect(AggTradeScanner.record(in: bytes.span.bytes) != nil)
        expectSame(bytes)
    }

    @Test("What is unusual or wrong is left to the full decoder", arguments: unusual)
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

    @Test("Mutated frames are judged as by the full decoder")
    func mutations() {
        var mutations = Mutations(seed: 7)
        for round in 0..<10_000 { expectSame(mutations.next(of: Self.frames[round % Self.frames.count])) }
    }

    @Test("Recorded frames, and mutations of them, are judged likewise", .enabled(if: SharedData.hasRecordings))
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
