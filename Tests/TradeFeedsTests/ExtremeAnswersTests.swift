import Foundation
import MarketData
import Testing

@testable import TradeFeeds

/// Reading any number of a venue returns a value or an error; a trap would end this process.
@Suite struct ExtremeAnswersTests {
    /// The replacements of each number of a message, with quotes where the number has them.
    static let extremes = [
        "0", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "18446744073709551615", "9007199254740993", "1e308", "-1e308", "1e-308", "1e999999999", "NaN", "inf", "-0", "",
        "0.000000000000000000000000000001", String(repeating: "9", count: 400), "true", "null", "[]", "{}",
    ]

    /// A venue with its frames and responses.
    private struct Sample: Sendable {
        var venue: LiveVenue
        var symbol: String
        var frame: String
        var serverTime: String
        var trades: String
        var candles: String
    }

    private static let samples = [
        Sample(
            venue: .binanceUSDM,
            symbol: "BTCUSDT",
            frame: #"""
                {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1723161600999,"s":"BTCUSDT","a":101,"p":"61800.30",
                "q":"0.5","f":5,"l":6,"T":1723161600999,"m":true}}
                """#,
            serverTime: #"{"serverTime":1723161600999}"#,
            trades: #"[{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27781,"T":1498793709153,"m":true}]"#,
            candles: #"""
                [[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",1499644799999,
                "2434.19055334",308,"1756.87402397","28.46694368","0"]]
                """#
        ),
        Sample(
            venue: .okx,
            symbol: "BTC-USDT-SWAP",
            frame: #"""
                {"arg":{"channel":"trades-all","instId":"BTC-USDT-SWAP"},"data":[{"instId":"BTC-USDT-SWAP",
                "tradeId":"130639474","px":"42219.9","sz":"0.12","side":"buy","ts":"1630048897897"}]}
                """#,
            serverTime: #"{"code":"0","msg":"","data":[{"ts":"1597026383085"}]}"#,
            trades: #"""
                {"code":"0","msg":"","data":[{"instId":"BTC-USDT-SWAP","side":"sell","sz":"0.01","px":"29963.2",
                "tradeId":"242720720","ts":"1654161646974"}]}
                """#,
            candles:
                #"{"code":"0","msg":"","data":[["1597026383085","3.721","3.743","3.677","3.708","8422","1","2","1"]]}"#
        ),
        Sample(
            venue: .coinbase,
            symbol: "BTC-USD",
            frame: #"""
                {"type":"match","trade_id":865127782,"side":"buy","size":"0.00173","price":"57000.01",
                "product_id":"BTC-USD","sequence":50,"time":"2024-08-08T23:54:17.235874Z"}
                """#,
            serverTime: #"{"iso":"2015-01-07T23:47:25.201Z","epoch":1420674445.201}"#,
            trades:
                #"[{"time":"2014-11-07T22:19:28.578544Z","trade_id":74,"price":"10.00","size":"0.01","side":"buy"}]"#,
            candles: "[[1415398768,0.32,4.2,0.35,4.2,12.3]]"
        ),
        Sample(
            venue: .bybit,
            symbol: "BTCUSDT",
            frame: #"""
                {"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,
                "s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick","i":"20f4","BT":false,"seq":1783284617}]}
                """#,
            serverTime:
                #"{"retCode":0,"retMsg":"OK","result":{"timeSecond":"1688639403","timeNano":"1688639403423213947"}}"#,
            trades: #"""
                {"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"execId":"a905d5c3","symbol":"BTCUSDT",
                "price":"16618.49","size":"0.00012","side":"Buy","time":"1672052955758","isBlockTrade":false,
                "seq":"123456"}]},"time":1672053054358}
                """#,
            candles: #"""
                {"retCode":0,"result":{"list":[["1670608800000","17071","17073","17027","17055.5","268611","15.74"]]}}
                """#
        ),
        Sample(
            venue: .kraken,
            symbol: "BTC/USD",
            frame: #"""
                {"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy","price":105944.20,
                "qty":0.00027625,"ord_type":"limit","trade_id":10218208,"timestamp":"2023-10-06T17:35:55.440295Z"}]}
                """#,
            serverTime: #"{"error":[],"result":{"unixtime":1688669448,"rfc1123":"Thu, 06 Jul 23 18:50:48 +0000"}}"#,
            trades: #"""
                {"error":[],"result":{"XXBTZUSD":[["30243.40000","0.34507674",1688669597.8277369,"b","m","",61044952]],
                "last":"1688671969993150842"}}
                """#,
            candles: #"""
                {"error":[],"result":{"XXBTZUSD":[[1688671200,"30306.1","30306.2","30305.7","30305.7","30306.1",
                "3.39243896",23]],"last":1688672160}}
                """#
        ),
    ]

    /// The variants of a text in which one number is replaced by one extreme.
    static func variants(of text: String) -> [String] {
        let numbers = text.matches(of: /-?[0-9][0-9.]*/).map(\.range)
        return [text] + numbers.flatMap { range in extremes.map { text.replacingCharacters(in: range, with: $0) } }
    }

    @Test("No number of a frame traps, and every decoded trade is valid", arguments: samples.indices)
    func frames(index: Int) throws {
        let sample = Self.samples[index]
        for text in Self.variants(of: sample.frame) {
            var trades: [Trade] = []
            switch sample.venue {
            case .okx:
                var decoder = OKXTradeDecoder(channel: "trades-all", symbols: [(sample.symbol, InstrumentID(0))])
                _ = decoder.decode(Array(text.utf8).span.bytes, into: &trades)
            case .coinbase:
                var decoder = CoinbaseTradeDecoder(symbols: [(sample.symbol, InstrumentID(0))])
                _ = decoder.decode(Array(text.utf8).span.bytes, into: &trades)
            case .bybit:
                var decoder = BybitTradeDecoder(symbols: [(sample.symbol, InstrumentID(0))])
                _ = decoder.decode(Array(text.utf8).span.bytes, into: &trades)
            case .kraken:
                var decoder = KrakenTradeDecoder(symbols: [(sample.symbol, InstrumentID(0))])
                _ = decoder.decode(Array(text.utf8).span.bytes, into: &trades)
            default:
                var decoder = BinanceTradeDecoder(stream: .aggTrade, symbols: [(sample.symbol, InstrumentID(0))])
                _ = decoder.decode(Array(text.utf8).span.bytes, into: &trades)
            }
            check(trades, text)
        }
    }

    @Test("No number of a response traps, and every decoded trade or candle is valid", arguments: samples.indices)
    func answers(index: Int) throws {
        let sample = Self.samples[index]
        let base = try WebSocketEndpoint("ws://127.0.0.1:1")
        switch sample.venue {
        case .okx: try answers(OKXAdapter(base: base), sample)
        case .coinbase: try answers(CoinbaseAdapter(base: base), sample)
        case .bybit: try answers(BybitAdapter(base: base), sample)
        case .kraken: try answers(KrakenAdapter(base: base), sample)
        default:
            try answers(BinanceUSDMAdapter(base: base, stream: .aggTrade), sample)
            try answers(BinanceSpotAdapter(base: base, stream: .aggTrade), sample)
        }
    }

    private func answers(_ adapter: some VenueAdapter, _ sample: Sample) throws {
        let stream = AdapterFixtures.streams(adapter, [sample.symbol], sample.venue.streamNames[0])[0]
        let minute = try #require(Timeframe("1m"))
        let greatestID = TradeSequence.validIDs.upperBound - 1
        let time = try #require(adapter.serverTime())
        for text in Self.variants(of: sample.serverTime) {
            guard let time = try? time.read(Data(text.utf8)) else { continue }
            var offset = ClockOffset()
            offset.record(venueTime: time, sent: Timestamp(microseconds: 0), received: Timestamp(microseconds: 1))
        }
        for query in [
            adapter.latestTrades(of: stream, as: InstrumentID(0)),
            adapter.trades(of: stream, as: InstrumentID(0), ids: 0...greatestID),
            adapter.trades(of: stream, as: InstrumentID(0), ids: greatestID...greatestID),
            adapter.trades(of: stream, as: InstrumentID(0), ids: 0...1, since: Timestamp(microseconds: .max)),
        ].compactMap(\.self) {
            for text in Self.variants(of: sample.trades) { check((try? query.read(Data(text.utf8))) ?? [], text) }
        }
        let candles = try #require(adapter.candles(of: stream.instrument, timeframe: minute, slots: 0..<100))
        for text in Self.variants(of: sample.candles) {
            for candle in (try? candles.read(Data(text.utf8))) ?? [] {
                let slot = minute.slot(of: candle.openTime)
                _ = Bar(candle, slot: slot, of: InstrumentID(0), minute).closeTime
                let prices = [candle.prices.open, candle.prices.high, candle.prices.low, candle.prices.close]
                #expect(prices.allSatisfy { $0.isFinite }, "\(text)")
            }
        }
    }

    private func check(_ trades: [Trade], _ text: String) {
        for trade in trades {
            #expect(trade.id >= 0 && trade.time <= TradeRecord.latestTime, "\(text)")
            #expect(trade.discard != nil || trade.price.mantissa > 0, "\(text)")
        }
    }

    @Test("A header with any number results in a wait within bounds", arguments: extremes)
    func patience(header: String) {
        for status in [200, 418, 429, 503] {
            guard let wait = RetryAfter.requestedWait(status: status, header: header) else { continue }
            #expect(wait >= .zero && wait <= .seconds(3 * 86_400))
        }
    }

    @Test("Any weights that a venue reports result in a wait of at most a minute")
    func weights() {
        let now = ContinuousClock.now
        for used in [Int.min, -1, 0, 1, Int(1) << 53, .max] {
            var budget = WeightBudget(weightPerMinute: 100)
            for _ in 0..<3 {
                budget.record(usedWeight: used, at: now)
                #expect(budget.reserve(10, notBefore: now) <= now + .seconds(60))
            }
        }
    }
}
