import MarketData
import Testing

@Suite struct InstrumentTests {
    @Test("venue:SYMBOL is read at its first colon", arguments: ["binance-usdm:ETHUSDT", "okx:BTC-USDT-SWAP", "a:b:c"])
    func reads(text: String) throws {
        let instrument = try #require(Instrument(text))
        #expect(instrument.description == text)
        #expect(!instrument.venue.rawValue.contains(":"))
    }

    @Test("Both parts must be there", arguments: ["", ":", "ETHUSDT", "binance-usdm:", ":ETHUSDT"])
    func refuses(text: String) {
        #expect(Instrument(text) == nil)
    }
}
