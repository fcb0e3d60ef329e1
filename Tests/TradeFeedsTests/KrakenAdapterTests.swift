import Foundation
import MarketData
import Testing

@testable import TradeFeeds

@Suite struct KrakenAdapterTests {
    private let adapter: KrakenAdapter
    private let streams: [TradeStream]

    init() throws {
        adapter = KrakenAdapter(base: try WebSocketEndpoint("wss://ws.kraken.com"))
        streams = AdapterFixtures.streams(adapter, ["BTC/USD", "ETH/USD"], "trade")
    }

    @Test("it subscribes by message, without a snapshot")
    func subscription() throws {
        #expect(adapter.endpoint(for: streams).target == "/v2")
        let parameters = #""channel":"trade","symbol":["BTC/USD","ETH/USD"]"#
        let subscribe = try AdapterFixtures.json(
            #"{"method":"subscribe","params":{\#(parameters),"snapshot":false}}"#
        )
        #expect(try adapter.subscription(to: streams).map(AdapterFixtures.json) == [subscribe])
        let unsubscribe = try AdapterFixtures.json(#"{"method":"unsubscribe","params":{\#(parameters)}}"#)
        #expect(try adapter.renewal(of: streams).map(AdapterFixtures.json) == [unsubscribe, subscribe])
    }

    @Test("trades are requested from the time of the last trade known before them")
    func trades() throws {
        let since = Timestamp(microseconds: 1_762_795_433_971_744)
        let query = try #require(adapter.trades(of: streams[0], as: InstrumentID(3), ids: 1...2, since: since))
        #expect(query.target == "/0/public/Trades?pair=XBTUSD&since=1762795433971743000&count=1000")
        let body = """
            {"error":[],"result":{"XXBTZUSD":[
            ["105433.60000","0.00027625",1762795433.9717445,"b","l","",10218208],
            ["105410.10000","0.00005000",1762795457.84,"s","m","",10218209],
            ["1","2",1762795458,"s","m","",10218210]],"last":"1762795458000000000"}}
            """
        #expect(
            try query.read(Data(body.utf8)) == [
                AdapterFixtures.trade(10_218_208, 1_762_795_433_971_744, "105433.60000", "0.00027625", .buy),
                AdapterFixtures.trade(10_218_209, 1_762_795_457_840_000, "105410.10000", "0.00005000", .sell),
                AdapterFixtures.trade(10_218_210, 1_762_795_458_000_000, "1", "2", .sell),
            ]
        )
        #expect(try query.read(Data(#"{"error":[],"result":{"XXBTZUSD":[],"last":"1"}}"#.utf8)) == [])
        #expect(
            adapter.trades(of: streams[1], as: InstrumentID(3), ids: 1...2)?.target
                == "/0/public/Trades?pair=ETHUSD&count=1000"
        )
        #expect(
            adapter.latestTrades(of: streams[1], as: InstrumentID(3))?.target
                == "/0/public/Trades?pair=ETHUSD&count=1"
        )
        for time in [Int64.min, -1, 0, .max] {
            let since = Timestamp(microseconds: time)
            #expect(adapter.trades(of: streams[0], as: InstrumentID(3), ids: 1...2, since: since) != nil)
        }
    }

    @Test(
        "a refusal and an invalid response are errors",
        arguments: [
            #"{"error":["EQuery:Unknown asset pair"]}"#, #"{"error":[],"result":{"last":"1"}}"#, #"{"error":[]}"#,
            "[]", "", "<html>", #"{"error":[],"result":{"A":[["1","2",1,"b","l",""]],"last":"1"}}"#,
            #"{"error":[],"result":{"A":[["1","2",1,"x","l","",7]]}}"#,
            #"{"error":[],"result":{"A":[["1","2",1e9,"b","l","",7]]}}"#,
            #"{"error":[],"result":{"A":[["1","2",99999999999,"b","l","",7]]}}"#,
            #"{"error":[],"result":{"A":[],"B":[]}}"#,
        ]
    )
    func refusals(body: String) throws {
        let query = try #require(adapter.trades(of: streams[0], as: InstrumentID(3), ids: 1...2))
        #expect(throws: (any Error).self) { try query.read(Data(body.utf8)) }
    }

    @Test("a pair is unknown by the venue's words")
    func unknownInstrument() {
        #expect(adapter.isUnknownInstrument(.status(200, errorText: "EQuery:Unknown asset pair")))
        #expect(!adapter.isUnknownInstrument(.status(200, errorText: "EService:Unavailable")))
    }

    @Test("candles are those of the requested slots, with their number of trades")
    func candles() throws {
        let minute = try #require(Timeframe("1m"))
        let slots: Range<Int64> = 28_717_360..<28_717_362
        let query = try #require(adapter.candles(of: streams[0].instrument, timeframe: minute, slots: slots))
        #expect(query.target == "/0/public/OHLC?pair=XBTUSD&interval=1&since=1723041599")
        let body = """
            {"error":[],"result":{"XXBTZUSD":[
            [1723041600,"1","2","0.5","1.5","1.2","7.25",23],[1723041660,"1.5","1.5","1.5","1.5","0.0","0.00000000",0],
            [1723041720,"5","6","4","5.5","5","1",2]],"last":1723041660}}
            """
        #expect(
            try query.read(Data(body.utf8)) == [
                Candle(
                    openTime: Timestamp(microseconds: 1_723_041_600_000_000),
                    prices: BarPrices(open: 1, high: 2, low: 0.5, close: 1.5, volume: 7.25, trades: 23)
                ),
                Candle(
                    openTime: Timestamp(microseconds: 1_723_041_660_000_000),
                    prices: BarPrices(open: 1.5, high: 1.5, low: 1.5, close: 1.5, volume: 0, trades: 0)
                ),
            ]
        )
        let odd = try #require(Timeframe("7m"))
        #expect(adapter.candles(of: streams[0].instrument, timeframe: odd, slots: 0..<1) == nil)
    }

    @Test("the server time is the middle of the second that the venue states")
    func serverTime() throws {
        let query = try #require(adapter.serverTime())
        let body = Data(#"{"error":[],"result":{"unixtime":1688669448,"rfc1123":"Thu, 06 Jul 23"}}"#.utf8)
        #expect(try query.read(body) == Timestamp(microseconds: 1_688_669_448_500_000))
    }
}
