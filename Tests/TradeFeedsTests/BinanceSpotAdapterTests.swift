import Foundation
import MarketData
import Testing

@testable import TradeFeeds

@Suite struct BinanceSpotAdapterTests {
    private func adapter(_ stream: BinanceStream) throws -> BinanceSpotAdapter {
        BinanceSpotAdapter(base: try WebSocketEndpoint("wss://stream.binance.com:9443"), stream: stream)
    }

    @Test("the endpoint names the streams, so no subscription is sent", arguments: BinanceStream.allCases)
    func endpoint(stream: BinanceStream) throws {
        let adapter = try adapter(stream)
        let streams = AdapterFixtures.streams(adapter, ["BTCUSDT", "币安USDT"], stream.rawValue)
        #expect(
            adapter.endpoint(for: streams).target
                == "/stream?streams=btcusdt@\(stream.rawValue)/%E5%B8%81%E5%AE%89usdt@\(stream.rawValue)"
        )
        #expect(adapter.subscription(to: streams) == [])
        let names = #"["btcusdt@\#(stream.rawValue)","币安usdt@\#(stream.rawValue)"]"#
        #expect(
            try adapter.renewal(of: streams).map(AdapterFixtures.json) == [
                AdapterFixtures.json(#"{"method":"UNSUBSCRIBE","params":\#(names),"id":1}"#),
                AdapterFixtures.json(#"{"method":"SUBSCRIBE","params":\#(names),"id":2}"#),
            ]
        )
    }

    @Test(
        "both kinds of trades are found by id, without a key",
        arguments: [
            (
                BinanceStream.aggTrade, "aggTrades", 4,
                #"{"a":26129,"p":"0.01633102","q":"4.70","T":1498793709153,"m":true}"#
            ),
            (
                .trade, "historicalTrades", 25,
                #"{"id":26129,"price":"0.01633102","qty":"4.70","quoteQty":"1","time":1498793709153,"isBuyerMaker":true}"#
            ),
        ]
    )
    func trades(stream: BinanceStream, path: String, weight: Int, item: String) throws {
        let adapter = try adapter(stream)
        let streams = AdapterFixtures.streams(adapter, ["BTCUSDT"], stream.rawValue)
        let query = try #require(adapter.trades(of: streams[0], as: InstrumentID(3), ids: 1...5000))
        #expect(query.target == "/api/v3/\(path)?symbol=BTCUSDT&fromId=4001&limit=1000")
        #expect(query.weight == weight)
        let expected = try AdapterFixtures.trade(26_129, 1_498_793_709_153_000, "0.01633102", "4.70", .sell)
        #expect(try query.read(Data("[\(item)]".utf8)) == [expected])
        #expect(adapter.findsTradesByID(of: streams[0]))
        #expect(
            adapter.latestTrades(of: streams[0], as: InstrumentID(3))?.target
                == "/api/v3/\(path)?symbol=BTCUSDT&limit=1"
        )
    }

    @Test("candles are available from one second, a thousand per page")
    func candles() throws {
        let adapter = try adapter(.aggTrade)
        let instrument = Instrument(venue: .binanceSpot, symbol: "BTCUSDT")
        let second = try #require(Timeframe("1s"))
        let query = adapter.candles(of: instrument, timeframe: second, slots: 0..<2000)
        #expect(
            query?.target == "/api/v3/klines?symbol=BTCUSDT&interval=1s&startTime=1000000&endTime=1999999&limit=1000"
        )
        let minute = try #require(Timeframe("60s"))
        #expect(
            adapter.candles(of: instrument, timeframe: minute, slots: 0..<1)?.target.contains("interval=1m&") == true
        )
        let odd = try #require(Timeframe("7m"))
        #expect(adapter.candles(of: instrument, timeframe: odd, slots: 0..<2000) == nil)
    }
}
