import Foundation
import MarketData
import Testing

@testable import TradeFeeds

@Suite struct CoinbaseAdapterTests {
    private let adapter: CoinbaseAdapter
    private let streams: [TradeStream]

    init() throws {
        adapter = CoinbaseAdapter(base: try WebSocketEndpoint("wss://ws-feed.exchange.coinbase.com"))
        streams = AdapterFixtures.streams(adapter, ["BTC-USD", "ETH-USD"], "matches")
    }

    @Test("it subscribes to matches and heartbeats by message")
    func subscription() throws {
        #expect(adapter.endpoint(for: streams).target == "/")
        func message(_ type: String) throws -> NSObject {
            try AdapterFixtures.json(
                #"{"type":"\#(type)","product_ids":["BTC-USD","ETH-USD"],"channels":["matches","heartbeat"]}"#
            )
        }
        #expect(try adapter.subscription(to: streams).map(AdapterFixtures.json) == [message("subscribe")])
        #expect(
            try adapter.renewal(of: streams).map(AdapterFixtures.json) == [
                message("unsubscribe"), message("subscribe"),
            ]
        )
    }

    @Test("a page of ids is requested from the newest back, and the taker's side is the opposite of the maker's")
    func trades() throws {
        let short = adapter.trades(of: streams[0], as: InstrumentID(3), ids: 101...103)
        #expect(short?.target == "/products/BTC-USD/trades?after=104&limit=3")
        let long = try #require(adapter.trades(of: streams[0], as: InstrumentID(3), ids: 1...5000))
        #expect(long.target == "/products/BTC-USD/trades?after=5001&limit=1000")
        let body = """
            [{"time":"2014-11-07T22:19:28.578544Z","trade_id":74,"price":"10.00000000","size":"0.01","side":"buy"},
            {"trade_id":73,"side":"sell","size":"0.02","price":"9.5","time":"2014-11-07T01:08:43Z"}]
            """
        #expect(
            try long.read(Data(body.utf8)) == [
                AdapterFixtures.trade(74, 1_415_398_768_578_544, "10.00000000", "0.01", .sell),
                AdapterFixtures.trade(73, 1_415_322_523_000_000, "9.5", "0.02", .buy),
            ]
        )
        #expect(try long.read(Data("[]".utf8)) == [])
        #expect(
            adapter.latestTrades(of: streams[0], as: InstrumentID(3))?.target == "/products/BTC-USD/trades?limit=1"
        )
    }

    @Test(
        "a refusal and an invalid response are errors with any status",
        arguments: [#"{"message":"NotFound"}"#, "", "[{}]", "[1]", "<html>", #"[{"trade_id":1}"#]
    )
    func refusals(body: String) throws {
        let query = try #require(adapter.trades(of: streams[0], as: InstrumentID(3), ids: 1...2))
        #expect(throws: (any Error).self) { try query.read(Data(body.utf8)) }
    }

    @Test("candles are the requested ones, oldest first")
    func candles() throws {
        let minute = try #require(Timeframe("1m"))
        let slots: Range<Int64> = 28_717_360..<28_717_362
        let query = try #require(adapter.candles(of: streams[0].instrument, timeframe: minute, slots: slots))
        #expect(
            query.target == "/products/BTC-USD/candles?granularity=60&start=1723041600&end=1723041660"
        )
        let body = "[[1723041720,9,9,9,9,9],[1723041660,1,3,2,2.5,0.5],[1723041600,0.5,2,1,1.5,7.25]]"
        #expect(
            try query.read(Data(body.utf8)) == [
                Candle(
                    openTime: Timestamp(microseconds: 1_723_041_600_000_000),
                    prices: BarPrices(open: 1, high: 2, low: 0.5, close: 1.5, volume: 7.25, trades: 1)
                ),
                Candle(
                    openTime: Timestamp(microseconds: 1_723_041_660_000_000),
                    prices: BarPrices(open: 2, high: 3, low: 1, close: 2.5, volume: 0.5, trades: 1)
                ),
            ]
        )
        for row in ["[1]", "[1e300,1,1,1,1,1]", "[-60,1,1,1,1,1]", "[0.5,1,1,1,1,1]", #"["0",1,1,1,1,1]"#] {
            #expect(throws: (any Error).self) { try query.read(Data("[\(row)]".utf8)) }
        }
        let long = adapter.candles(of: streams[0].instrument, timeframe: minute, slots: 0..<1000)
        #expect(long?.target.hasSuffix("&start=42000&end=59940") == true)
        let second = try #require(Timeframe("1s"))
        #expect(adapter.candles(of: streams[0].instrument, timeframe: second, slots: slots) == nil)
    }

    @Test("the server time is decoded")
    func serverTime() throws {
        let query = try #require(adapter.serverTime())
        let body = Data(#"{"iso":"2015-01-07T23:47:25.201Z","epoch":1420674445.201}"#.utf8)
        #expect(try query.read(body) == Timestamp(microseconds: 1_420_674_445_201_000))
    }
}
