import MarketData
import Testing

@Suite struct StreamTableTests {
    private let eth = Instrument(venue: .binanceUSDM, symbol: "ETHUSDT")
    private let btc = Instrument(venue: .binanceUSDM, symbol: "BTCUSDT")

    @Test("Streams are numbered in their order and found by instrument")
    func numbers() {
        let table = StreamTable([
            TradeStream(instrument: eth, name: "aggTrade"), TradeStream(instrument: btc, name: "trade"),
        ])
        #expect(table.ids == [InstrumentID(0), InstrumentID(1)])
        #expect(table.id(of: btc) == InstrumentID(1))
        #expect(table[InstrumentID(1)].description == "binance-usdm:BTCUSDT@trade")
        #expect(table.id(of: Instrument(venue: .simulated, symbol: "BTCUSDT")) == nil)
    }

    @Test("A second stream of an instrument is dropped and has no number")
    func secondStream() {
        let table = StreamTable([
            TradeStream(instrument: eth, name: "aggTrade"), TradeStream(instrument: eth, name: "trade"),
            TradeStream(instrument: btc, name: "aggTrade"),
        ])
        #expect(table.streams.map(\.description) == ["binance-usdm:ETHUSDT@aggTrade", "binance-usdm:BTCUSDT@aggTrade"])
        #expect(table.id(of: btc) == InstrumentID(1))
    }
}
