import Foundation
import MarketData
import Testing

@testable import TradeFeeds

@Suite struct BybitAdapterTests {
    private let adapter: BybitAdapter
    private let streams: [TradeStream]

    init() throws {
        adapter = BybitAdapter(base: try WebSocketEndpoint("wss://stream.bybit.com"))
        streams = AdapterFixtures.streams(adapter, ["BTCUSDT", "ETHUSDT"], "publicTrade")
    }

    @Test("it subscribes by message, all streams in one, within the venue's limit of characters")
    func subscription() throws {
        #expect(adapter.endpoint(for: streams).target == "/v5/public/linear")
        func message(_ operation: String) throws -> NSObject {
            try AdapterFixtures.json(#"{"op":"\#(operation)","args":["publicTrade.BTCUSDT","publicTrade.ETHUSDT"]}"#)
        }
        #expect(try adapter.subscription(to: streams).map(AdapterFixtures.json) == [message("subscribe")])
        #expect(
            try adapter.renewal(of: streams).map(AdapterFixtures.json) == [
                message("unsubscribe"), message("subscribe"),
            ]
        )
        let most = AdapterFixtures.streams(
            adapter,
            (0..<adapter.streamsPerConnection).map { "1000000LONGSYMBOL\($0)USDT-26DEC25" },
            "publicTrade"
        )
        #expect(adapter.subscription(to: most).allSatisfy { $0.utf8.count < 21_000 })
    }

    @Test("the newest trade is requested; trades cannot be requested by id")
    func trades() throws {
        #expect(adapter.trades(of: streams[0], as: InstrumentID(3), ids: 1...2) == nil)
        let latest = try #require(adapter.latestTrades(of: streams[0], as: InstrumentID(3)))
        #expect(latest.target == "/v5/market/recent-trade?category=linear&symbol=BTCUSDT&limit=1")
        let body = """
            {"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[
            {"execId":"a905d5c3","symbol":"BTCUSDT","price":"27450.50","size":"0.005","side":"Buy",
            "time":"1709891679000","isBlockTrade":false,"isRPITrade":false,"seq":"816281670081"},
            {"execId":"b","symbol":"BTCUSDT","price":"27450.5","size":"1","side":"Sell","time":"1709891678999",
            "isBlockTrade":false,"seq":"816281670080"}]},"retExtInfo":{},"time":1709891679050}
            """
        #expect(
            try latest.read(Data(body.utf8)) == [
                AdapterFixtures.trade(816_281_670_081, 1_709_891_679_000_000, "27450.50", "0.005", .buy),
                AdapterFixtures.trade(816_281_670_080, 1_709_891_678_999_000, "27450.5", "1", .sell),
            ]
        )
        #expect(try latest.read(Data(#"{"retCode":0,"result":{"list":[]}}"#.utf8)) == [])
    }

    @Test(
        "a refusal and an invalid response are errors",
        arguments: [
            #"{"retCode":10001,"retMsg":"params error: symbol invalid","result":{"category":"","list":[]}}"#,
            #"{"retCode":0,"result":{}}"#, #"{"retCode":0}"#, #"{"retCode":0,"result":[]}"#, "[]", "", "<html>",
            #"{"retCode":0,"result":{"list":[{"symbol":"BTCUSDT"}]}}"#,
        ]
    )
    func refusals(body: String) throws {
        let query = try #require(adapter.latestTrades(of: streams[0], as: InstrumentID(3)))
        #expect(throws: (any Error).self) { try query.read(Data(body.utf8)) }
    }

    @Test("an instrument is unknown by the code of the answer, whatever its words")
    func unknownInstrument() {
        #expect(adapter.isUnknownInstrument(.status(200, errorText: "params error: symbol invalid (10001)")))
        #expect(!adapter.isUnknownInstrument(.status(200, errorText: "Server Timeout (10000)")))
        #expect(!adapter.isUnknownInstrument(.status(403, errorText: "access too frequent")))
    }

    @Test("candles are those of the requested slots, oldest first")
    func candles() throws {
        let minute = try #require(Timeframe("1m"))
        let slots: Range<Int64> = 28_717_360..<28_717_362
        let query = try #require(adapter.candles(of: streams[0].instrument, timeframe: minute, slots: slots))
        #expect(
            query.target == "/v5/market/kline?category=linear&symbol=BTCUSDT&interval=1&start=1723041600000"
                + "&end=1723041660000&limit=2"
        )
        let body = """
            {"retCode":0,"retMsg":"OK","result":{"symbol":"BTCUSDT","category":"linear","list":[
            ["1723041720000","5","6","4","5.5","1","5"],["1723041660000","2","3","1","2.5","0","0"],
            ["1723041600000","1","2","0.5","1.5","7.25","9"]]},"time":1723041730000}
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
        let target = adapter.candles(of: streams[0].instrument, timeframe: day, slots: 0..<1)?.target
        #expect(target?.contains("interval=D&start=0&end=0&limit=1") == true)
        for label in ["1s", "7m"] {
            let other = try #require(Timeframe(label))
            #expect(adapter.candles(of: streams[0].instrument, timeframe: other, slots: 0..<1) == nil)
        }
    }

    @Test("the server time has microseconds")
    func serverTime() throws {
        let query = try #require(adapter.serverTime())
        let body = #"{"retCode":0,"result":{"timeSecond":"1688639403","timeNano":"1688639403423213947"}}"#
        #expect(try query.read(Data(body.utf8)) == Timestamp(microseconds: 1_688_639_403_423_213))
    }
}
