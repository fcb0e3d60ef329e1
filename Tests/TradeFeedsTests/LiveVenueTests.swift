import MarketData
import TestSupport
import Testing
import VenueSimulator

@testable import TradeFeeds

@Suite struct LiveVenueTests {
    private func feed(
        _ venue: VenueDescriptor,
        stream: String,
        symbol: String,
        url: String? = nil,
        idleTimeout: Duration = .seconds(30)
    ) throws -> any TradeFeed {
        let stream = TradeStream(instrument: Instrument(venue: venue.venue, symbol: symbol), name: stream)
        return try venue.feed(
            stream: stream.name,
            configuration: LiveFeedConfiguration(
                websocketURL: url ?? venue.websocketURL,
                restURL: url?.replacing("ws://", with: "http://") ?? venue.restURL,
                idleTimeout: idleTimeout
            ),
            streams: StreamTable([stream]),
            logger: Fixtures.logger
        )
    }

    @Test("each venue has a feed for each of its streams", arguments: LiveVenues.all)
    func feeds(venue: VenueDescriptor) throws {
        for stream in venue.streamNames {
            #expect(try feed(venue, stream: stream, symbol: venue.examplePair.x).venue == venue.venue)
        }
        #expect(venue.websocketURL.hasPrefix("wss://") && venue.restURL.hasPrefix("https://"))
        #expect(LiveVenues[venue.venue]?.venue == venue.venue)
    }

    @Test(
        "a subscription by message is sent after the handshake, and its trades arrive",
        arguments: [
            (
                VenueDescriptor.okx, "BTC-USDT-SWAP", "/ws/v5/business",
                #"{"op":"subscribe","args":[{"channel":"trades-all","instId":"BTC-USDT-SWAP"}]}"#,
                #"{"arg":{"channel":"trades-all","instId":"BTC-USDT-SWAP"},"data":[{"instId":"BTC-USDT-SWAP","#
                    + #""tradeId":"7","px":"42219.9","sz":"0.12","side":"buy","ts":"1630048897897"}]}"#
            ),
            (
                .coinbase, "BTC-USD", "/",
                #"{"type":"subscribe","product_ids":["BTC-USD"],"channels":["matches","heartbeat"]}"#,
                #"{"type":"match","trade_id":7,"side":"sell","size":"0.12","price":"42219.9","product_id":"BTC-USD","#
                    + #""time":"2021-08-27T07:21:37.897Z"}"#
            ),
            (
                .bybit, "BTCUSDT", "/v5/public/linear", #"{"op":"subscribe","args":["publicTrade.BTCUSDT"]}"#,
                #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1630048897899,"data":[{"T":1630048897897,"#
                    + #""s":"BTCUSDT","S":"Buy","v":"0.12","p":"42219.9","i":"20f43950-d8dd","BT":false,"seq":7}]}"#
            ),
            (
                .kraken, "BTC/USD", "/v2",
                #"{"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"],"snapshot":false}}"#,
                #"{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy","price":42219.9,"#
                    + #""qty":0.12,"ord_type":"limit","trade_id":7,"timestamp":"2021-08-27T07:21:37.897000Z"}]}"#
            ),
        ]
    )
    func subscribes(venue: VenueDescriptor, symbol: String, target: String, request: String, answer: String)
        async throws
    {
        let server = try await VenueSimulator.start(VenueRecording(trades: [], event: .aggTrade)) { _ in
            .serve([.requests(1), .text(answer)])
        }
        let feed = try feed(venue, stream: venue.streamNames[0], symbol: symbol, url: server.webSocketURL)
        let events = try await EventCollector.run(feed) { $0.trades.count == 1 }
        await server.stop()
        #expect(server.log.handshakes == [target])
        #expect(server.log.requests == [request])
        #expect(server.log.unmaskedFrames == 0)
        #expect(events.trades.map(\.id) == [7])
        #expect(events.trades.map(\.time) == [Timestamp(microseconds: 1_630_048_897_897_000)])
        #expect(events.trades.map(\.takerSide) == [.buy])
    }

    @Test(
        "heartbeats, replies and the trade before the subscription do not keep a connection without new trades",
        arguments: [
            (
                VenueDescriptor.okx, "BTC-USDT-SWAP", #"{"event":"subscribe","arg":{"channel":"trades-all"}}"#, "pong",
                [] as [Int64]
            ),
            (
                .coinbase, "BTC-USD",
                #"{"type":"last_match","trade_id":7,"side":"sell","size":"0.12","price":"42219.9","#
                    + #""product_id":"BTC-USD","time":"2021-08-27T07:21:37.897Z"}"#,
                #"{"type":"heartbeat","sequence":90,"last_trade_id":7,"product_id":"BTC-USD","#
                    + #""time":"2021-08-27T07:21:38Z"}"#, [7]
            ),
            (
                .bybit, "BTCUSDT", #"{"success":true,"ret_msg":"","conn_id":"3cd84cb1","op":"subscribe"}"#,
                #"{"success":true,"ret_msg":"pong","conn_id":"3cd84cb1","op":"ping"}"#, []
            ),
            (
                .kraken, "BTC/USD",
                #"{"channel":"trade","type":"snapshot","data":[{"symbol":"BTC/USD","side":"buy","price":42219.9,"#
                    + #""qty":0.12,"ord_type":"limit","trade_id":7,"timestamp":"2021-08-27T07:21:37.897Z"}]}"#,
                #"{"channel":"heartbeat"}"#, [7]
            ),
        ]
    )
    func heartbeats(venue: VenueDescriptor, symbol: String, greeting: String, beat: String, ids: [Int64]) async throws {
        let beats = Array(repeating: [VenueStep.text(beat), .wait(.milliseconds(20))], count: 10_000)
        let server = try await VenueSimulator.start(VenueRecording(trades: [], event: .aggTrade)) { _ in
            .serve([.requests(1), .text(greeting)] + beats.joined())
        }
        let feed = try feed(
            venue,
            stream: venue.streamNames[0],
            symbol: symbol,
            url: server.webSocketURL,
            idleTimeout: .milliseconds(500)
        )
        // On a busy machine a connection may be idle before its first message arrives; then the next one counts.
        let events = try await EventCollector.run(feed) { events in
            let counts = feed.counters.snapshot()
            return counts.disconnects[.idle, default: 0] > 0 && counts.frames > 2
                && Set(events.trades.map(\.id)) == Set(ids)
        }
        await server.stop()
        #expect(!events.states.contains(.flowing))
        // The simulator answers a request in Binance's format, which has no type.
        let failures = feed.counters.snapshot().decodeFailures.filter { $0.value > 0 }
        #expect(Set(failures.keys).isSubset(of: [.missingField]))
    }

    @Test("the error of an unknown stream lists the known ones")
    func unknownStream() {
        let error = FeedConfigurationError.stream("trades", venue: "okx", known: ["trades-all"])
        #expect(throws: error) { try feed(.okx, stream: "trades", symbol: "BTC-USDT-SWAP") }
        #expect(error.description == #"okx has no stream "trades"; it has trades-all"#)
    }

    @Test(
        "other venues have no live feed",
        arguments: [Venue.simulated, .replay, Venue(rawValue: "upbit")]
    )
    func others(venue: Venue) {
        #expect(LiveVenues[venue] == nil)
    }
}
