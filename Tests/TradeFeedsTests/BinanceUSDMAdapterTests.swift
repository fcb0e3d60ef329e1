import MarketData
import TestSupport
import Testing
import TradeFeeds
import VenueSimulator

@Suite struct BinanceUSDMAdapterTests {
    @Test("a combined stream of each kind delivers its trades in order", arguments: BinanceStream.allCases)
    func streams(stream: BinanceStream) async throws {
        let trades = Fixtures.trades(500)
        let venue = try await VenueSimulator.start(VenueRecording(trades: trades, event: stream))
        let events = try await EventCollector.run(try Fixtures.feed(venue, stream: stream)) { $0.trades.count == 500 }
        await venue.stop()
        let path = stream == .aggTrade ? "/market/stream" : "/public/stream"
        #expect(venue.log.handshakes == ["\(path)?streams=btcusdt@\(stream)/ethusdt@\(stream)"])
        #expect(events.trades.map(\.id) == trades.map(\.id))
        #expect(events.trades.map(\.time) == trades.map(\.time))
        #expect(events.trades.map(\.price) == trades.map(\.price))
        #expect(events.trades.map(\.quantity) == trades.map(\.quantity))
        #expect(events.trades.map { $0.takerSide == .sell } == trades.map(\.buyerIsMaker))
        #expect(events.trades.map(\.instrument.index) == trades.map { $0.symbol == "BTCUSDT" ? 0 : 1 })
    }

    @Test("a prefix and a query of the configured URL are kept")
    func urlPrefix() async throws {
        let venue = try await VenueSimulator.start(VenueRecording(trades: Fixtures.trades(2), event: .aggTrade))
        let feed = try Fixtures.feed(url: venue.webSocketURL + "/proxy/?key=1")
        let events = try await EventCollector.run(feed) { $0.trades.count == 2 }
        await venue.stop()
        #expect(events.trades.count == 2)
        #expect(venue.log.handshakes == ["/proxy/market/stream?key=1&streams=btcusdt@aggTrade/ethusdt@aggTrade"])
    }

    @Test("streams above the limit of one connection are distributed over several")
    func severalConnections() async throws {
        let symbols = (0..<401).map { "COIN\($0)USDT" }
        let trades = symbols.map { symbol in
            var trade = Fixtures.trades(1)[0]
            trade.symbol = symbol
            return trade
        }
        let venue = try await VenueSimulator.start(VenueRecording(trades: trades, event: .aggTrade))
        let feed = try Fixtures.feed(venue, symbols: symbols)
        let events = try await EventCollector.run(feed) { $0.trades.count == 401 && $0.states.last == .flowing }
        await venue.stop()
        #expect(Set(events.trades.map(\.instrument)).count == 401)
        #expect(venue.log.handshakes.count == 3)
        #expect(venue.log.handshakes.map { $0.split(separator: "/").count - 1 }.sorted() == [1, 200, 200])
    }

    @Test("other events among the trades are ignored and counted")
    func otherEvents() async throws {
        let other = #"{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","s":"BTCUSDT","b":"1","a":"2","T":1}}"#
        let venue = try await VenueSimulator.start(VenueRecording(trades: Fixtures.trades(4), event: .aggTrade)) { _ in
            .serve([.text(other), .frames(2), .text(other), .frames()])
        }
        let feed = try Fixtures.feed(venue)
        let events = try await EventCollector.run(feed) { $0.trades.count == 4 }
        await venue.stop()
        #expect(events.trades.count == 4)
        #expect(feed.counters.snapshot().ignoredEvents == 2)
        #expect(feed.counters.snapshot().decodeFailures.values.allSatisfy { $0 == 0 })
    }

    @Test("a URL that is not a WebSocket URL, and a feed without a stream, are refused")
    func refusals() {
        #expect(throws: FeedConfigurationError.self) { try Fixtures.feed(url: "https://fstream.binance.com") }
        #expect(throws: FeedConfigurationError.noStreams(venue: "binance-usdm")) {
            try Fixtures.feed(url: "wss://fstream.binance.com", symbols: [])
        }
        #expect(throws: FeedConfigurationError.self) {
            try Fixtures.feed(url: "wss://fstream.binance.com", trustRootsFile: "/nonexistent/roots.pem")
        }
    }

    @Test(
        "35,389 recorded frames over a real WebSocket equal the recording's CSV to the letter",
        .enabled(if: SharedData.hasRecordings)
    )
    func recordedFrames() async throws {
        let recording = try VenueRecording(contentsOf: SharedData.file("data/binance-usdm-20240808/frames.ndjson.gz"))
        let expected = try SharedData.lines("data/binance-usdm-20240808/trades.csv.gz").dropFirst()
        let venue = try await VenueSimulator.start(recording)
        let feed = try Fixtures.feed(venue, stream: .trade)
        let events = try await EventCollector.run(feed) { $0.trades.count >= 35_389 }
        await venue.stop()
        let rows = events.trades.map { trade in
            let symbol = trade.instrument.index == 0 ? "BTCUSDT" : "ETHUSDT"
            let maker = trade.takerSide == .sell
            return "\(trade.time.microseconds / 1000),\(symbol),\(trade.id),\(trade.price),\(trade.quantity),\(maker)"
        }
        let expectedRows = expected.map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            return [fields[0], fields[2], fields[3], fields[4], fields[5], fields[6]].joined(separator: ",")
        }
        #expect(expectedRows.count == 35_389)
        #expect(rows == expectedRows)
        #expect(events.trades.allSatisfy { $0.discard == nil })
        // Event time is the recording's at any distance from the wall clock.
        let last = try #require(events.trades.map(\.time).max())
        #expect(events.times.allSatisfy { $0.time <= last + 60_000_000 })
    }

    @Test("a recorded mixture of events is decoded to its trades only", .enabled(if: SharedData.hasRecordings))
    func recordedMixture() async throws {
        let path = SharedData.file("data/binance-usdm-20240808/frames-mixed-20s.ndjson.gz")
        var recording = try VenueRecording(contentsOf: path)
        for index in recording.frames.indices { recording.frames[index].stream = "btcusdt@trade" }
        let venue = try await VenueSimulator.start(recording)
        let feed = try Fixtures.feed(venue, stream: .trade)
        let events = try await EventCollector.run(feed) { _ in feed.counters.snapshot().frames == 9153 }
        await venue.stop()
        #expect(events.trades.count == 1241)
        #expect(feed.counters.snapshot().ignoredEvents == 9153 - 1241)
        #expect(feed.counters.snapshot().decodeFailures.values.allSatisfy { $0 == 0 })
    }
}
