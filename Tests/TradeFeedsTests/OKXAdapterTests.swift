import Foundation
import MarketData
import Testing

@testable import TradeFeeds

@Suite struct OKXAdapterTests {
    private let adapter: OKXAdapter
    private let streams: [TradeStream]

    init() throws {
        adapter = OKXAdapter(base: try WebSocketEndpoint("wss://ws.okx.com:8443"))
        streams = AdapterFixtures.streams(adapter, ["BTC-USDT-SWAP", "ETH-USDT-SWAP"], "trades-all")
    }

    @Test("it subscribes by message, all streams in one")
    func subscription() throws {
        #expect(adapter.endpoint(for: streams).target == "/ws/v5/business")
        let messages = try adapter.subscription(to: streams).map(AdapterFixtures.json)
        let arguments = """
            [{"channel":"trades-all","instId":"BTC-USDT-SWAP"},{"channel":"trades-all","instId":"ETH-USDT-SWAP"}]
            """
        let subscribe = try AdapterFixtures.json(#"{"op":"subscribe","args":\#(arguments)}"#)
        #expect(messages == [subscribe])
        let renewal = try adapter.renewal(of: streams).map(AdapterFixtures.json)
        #expect(renewal == [try AdapterFixtures.json(#"{"op":"unsubscribe","args":\#(arguments)}"#), subscribe])
        let most = AdapterFixtures.streams(
            adapter,
            (0..<adapter.streamsPerConnection).map { "1000LONGSYMBOL\($0)-USDT-SWAP" },
            "trades-all"
        )
        #expect(adapter.subscription(to: most).allSatisfy { $0.utf8.count < 65_536 })
    }

    @Test("a page of ids is requested from the newest back")
    func trades() throws {
        let target = "/api/v5/market/history-trades?instId=BTC-USDT-SWAP&type=1"
        let short = adapter.trades(of: streams[0], as: InstrumentID(3), ids: 101...103)
        #expect(short?.target == target + "&after=104&limit=3")
        let long = try #require(adapter.trades(of: streams[0], as: InstrumentID(3), ids: 1...1000))
        #expect(long.target == target + "&after=1001&limit=100")
        let body = """
            {"code":"0","msg":"","data":[
            {"instId":"BTC-USDT-SWAP","side":"sell","sz":"0.01","source":"0","px":"29963.20","tradeId":"242720720",
            "ts":"1654161646974"},
            {"instId":"BTC-USDT-SWAP","side":"buy","sz":"3","px":"29964.1","tradeId":"242720719","ts":"1654161641568"}]}
            """
        #expect(
            try long.read(Data(body.utf8)) == [
                AdapterFixtures.trade(242_720_720, 1_654_161_646_974_000, "29963.20", "0.01", .sell),
                AdapterFixtures.trade(242_720_719, 1_654_161_641_568_000, "29964.1", "3", .buy),
            ]
        )
        #expect(try long.read(Data(#"{"code":"0","msg":"","data":[]}"#.utf8)) == [])
        #expect(
            adapter.latestTrades(of: streams[0], as: InstrumentID(3))?.target
                == "/api/v5/market/trades?instId=BTC-USDT-SWAP&limit=1"
        )
    }

    @Test(
        "a refusal and an invalid response are errors with any status",
        arguments: [
            #"{"code":"51001","msg":"Instrument ID does not exist","data":[]}"#, #"{"code":"0","msg":""}"#, "[]", "",
            #"{"code":"0","data":[{"tradeId":"1"}]}"#, "<html>",
        ]
    )
    func refusals(body: String) throws {
        let query = try #require(adapter.trades(of: streams[0], as: InstrumentID(3), ids: 1...2))
        #expect(throws: (any Error).self) { try query.read(Data(body.utf8)) }
    }

    @Test("candles are the closed ones, oldest first, in UTC")
    func candles() throws {
        let minute = try #require(Timeframe("1m"))
        let slots: Range<Int64> = 28_717_360..<28_717_363
        let query = try #require(adapter.candles(of: streams[0].instrument, timeframe: minute, slots: slots))
        #expect(
            query.target == "/api/v5/market/history-candles?instId=BTC-USDT-SWAP&bar=1m&after=1723041780000"
                + "&before=1723041599999&limit=3"
        )
        let body = """
            {"code":"0","msg":"","data":[
            ["1723041720000","5","6","4","5.5","0","0","0","0"],["1723041660000","2","3","1","2.5","0","0","0","1"],
            ["1723041600000","1","2","0.5","1.5","7.25","0.0725","100","1"]]}
            """
        #expect(
            try query.read(Data(body.utf8)) == [
                Candle(
                    openTime: Timestamp(microseconds: 1_723_041_600_000_000),
                    prices: BarPrices(open: 1, high: 2, low: 0.5, close: 1.5, volume: 7.25, trades: 1)
                ),
                Candle(
                    openTime: Timestamp(microseconds: 1_723_041_660_000_000),
                    prices: BarPrices(open: 2, high: 3, low: 1, close: 2.5, volume: 0, trades: 0)
                ),
            ]
        )
        let day = try #require(Timeframe("1d"))
        #expect(
            adapter.candles(of: streams[0].instrument, timeframe: day, slots: 0..<1)?.target.contains("1Dutc") == true
        )
        let odd = try #require(Timeframe("7m"))
        #expect(adapter.candles(of: streams[0].instrument, timeframe: odd, slots: 0..<1) == nil)
    }

    @Test("the server time is decoded")
    func serverTime() throws {
        let query = try #require(adapter.serverTime())
        let body = Data(#"{"code":"0","msg":"","data":[{"ts":"1597026383085"}]}"#.utf8)
        #expect(try query.read(body) == Timestamp(microseconds: 1_597_026_383_085_000))
    }
}
