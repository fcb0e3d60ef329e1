import MarketData
import TestSupport
import Testing
import VenueSimulator

@testable import TradeFeeds

/// Streams that are added and removed while a feed runs.
@Suite struct StreamUpdateTests {
    private static let recording = VenueRecording(trades: Fixtures.trades(20_000), event: .aggTrade)
    private static let table = Fixtures.table(.aggTrade)
    private static let bitcoin = InstrumentID(0)
    /// Far from the first id, as when other venues have streams, too.
    private static let ether = InstrumentID(700)
    private static let streams = [bitcoin: table.streams[0], ether: table.streams[1]]

    private static func streams(_ ids: InstrumentID...) -> [InstrumentID: TradeStream] {
        streams.filter { ids.contains($0.key) }
    }

    /// A feed of bitcoin whose connections carry at most this number of streams.
    private func feed(_ venue: VenueSimulator, streamsPerConnection: Int) throws -> some TradeFeed {
        try LiveFeed(
            adapter: NarrowAdapter(url: venue.webSocketURL, streamsPerConnection: streamsPerConnection),
            configuration: LiveFeedConfiguration(
                websocketURL: venue.webSocketURL,
                restURL: venue.restURL,
                idleTimeout: .seconds(3600),
                connectsPerMinute: 100
            ),
            streams: Fixtures.table(.aggTrade, symbols: ["BTCUSDT"]),
            logger: Fixtures.logger
        )
    }

    /// Runs a feed until `body` has ended.
    private func run(_ feed: some TradeFeed, _ body: (EventCollector) async throws -> Void) async throws {
        let collector = EventCollector()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try? await feed.run(resuming: [:]) { collector.record($0) } }
            try await body(collector)
        }
    }

    /// The ids of a stream, sorted: trades from before the first measurement of the venue's clock may arrive after
    /// later ones.
    private func ids(_ events: EventCollector.Events, _ stream: InstrumentID) -> [Int64] {
        events.trades.filter { $0.instrument == stream }.map(\.id).sorted()
    }

    private func isComplete(_ ids: [Int64]) -> Bool {
        guard let first = ids.first, let last = ids.last else { return false }
        return ids == Array(first...last)
    }

    @Test("on an open connection only changes are requested, and the other streams lose no trade")
    func sameConnection() async throws {
        let venue = try await VenueSimulator.start(Self.recording) { _ in .serve([.live(perSecond: 100)]) }
        let feed = try feed(venue, streamsPerConnection: 200)
        try await run(feed) { collector in
            try await eventually { ids(collector.events, Self.bitcoin).count > 20 }
            await feed.update(streams: Self.streams, resuming: [:])
            try await eventually { ids(collector.events, Self.ether).count > 20 }
            await feed.update(streams: Self.streams(Self.ether), resuming: [:])
            let bitcoinCount = ids(collector.events, Self.bitcoin).count
            let etherCount = ids(collector.events, Self.ether).count
            try await eventually {
                ids(collector.events, Self.ether).count > etherCount + 50 && venue.log.requests.count == 2
            }
            #expect(ids(collector.events, Self.bitcoin).count == bitcoinCount)
            #expect(isComplete(ids(collector.events, Self.bitcoin)) && isComplete(ids(collector.events, Self.ether)))
            #expect(collector.events.states == [.connecting, .subscribed, .flowing])
            #expect(collector.events.health.isEmpty)
        }
        await venue.stop()
        #expect(venue.log.handshakes == ["/market/stream?streams=btcusdt@aggTrade"])
        #expect(
            venue.log.requests == [
                #"{"method":"SUBSCRIBE","params":["ethusdt@aggTrade"],"id":2}"#,
                #"{"method":"UNSUBSCRIBE","params":["btcusdt@aggTrade"],"id":1}"#,
            ]
        )
        let counts = feed.counters.snapshot()
        #expect(counts.disconnects.values.allSatisfy { $0 == 0 } && counts.decodeFailures.values.allSatisfy { $0 == 0 })
    }

    @Test("a stream that is added and removed repeatedly causes no loss for others")
    func cycles() async throws {
        let venue = try await VenueSimulator.start(Self.recording) { _ in .serve([.live(perSecond: 100)]) }
        let feed = try feed(venue, streamsPerConnection: 200)
        try await run(feed) { collector in
            try await eventually { ids(collector.events, Self.bitcoin).count > 20 }
            for _ in 0..<5 {
                let last = ids(collector.events, Self.ether).last ?? 0
                await feed.update(streams: Self.streams, resuming: [:])
                try await eventually { ids(collector.events, Self.ether).last ?? 0 > last }
                await feed.update(streams: Self.streams(Self.bitcoin), resuming: [:])
            }
            let count = ids(collector.events, Self.bitcoin).count
            try await eventually { ids(collector.events, Self.bitcoin).count > count + 20 }
            #expect(isComplete(ids(collector.events, Self.bitcoin)))
        }
        await venue.stop()
        let counts = feed.counters.snapshot()
        #expect(counts.connects == 1 && counts.decodeFailures.values.allSatisfy { $0 == 0 })
    }

    @Test("a connection is opened when the others are full, and closed with its last stream")
    func furtherConnection() async throws {
        let venue = try await VenueSimulator.start(Self.recording) { _ in .serve([.live(perSecond: 100)]) }
        let feed = try feed(venue, streamsPerConnection: 1)
        try await run(feed) { collector in
            try await eventually { ids(collector.events, Self.bitcoin).count > 20 }
            await feed.update(streams: Self.streams, resuming: [:])
            try await eventually { ids(collector.events, Self.ether).count > 20 }
            #expect(venue.log.openConnections == 2)
            await feed.update(streams: Self.streams(Self.bitcoin), resuming: [:])
            try await eventually { venue.log.openConnections == 1 }
            let count = ids(collector.events, Self.bitcoin).count
            try await eventually { ids(collector.events, Self.bitcoin).count > count + 50 }
            #expect(isComplete(ids(collector.events, Self.bitcoin)) && isComplete(ids(collector.events, Self.ether)))
            #expect(!collector.events.states.contains(.stopped) && !collector.events.states.contains(.backingOff))
            #expect(collector.events.states.last == .flowing)
        }
        await venue.stop()
        #expect(venue.log.handshakes == ["btcusdt", "ethusdt"].map { "/market/stream?streams=\($0)@aggTrade" })
        #expect(venue.log.requests.isEmpty)
        let counts = feed.counters.snapshot()
        #expect(counts.connects == 2 && counts.disconnects.values.allSatisfy { $0 == 0 })
    }

    @Test("a change between runs applies to the next one")
    func betweenRuns() async throws {
        let venue = try await VenueSimulator.start(Self.recording) { _ in .serve([.live(perSecond: 100)]) }
        let feed = try feed(venue, streamsPerConnection: 200)
        await feed.update(streams: Self.streams(Self.ether), resuming: [:])
        let events = try await EventCollector.run(feed) { $0.trades.count > 20 }
        await venue.stop()
        #expect(Set(events.trades.map(\.instrument)) == [Self.ether])
        #expect(venue.log.handshakes == ["/market/stream?streams=ethusdt@aggTrade"])
    }

    @Test("a feed without a stream has no connection until a stream is added")
    func none() async throws {
        let venue = try await VenueSimulator.start(Self.recording) { _ in .serve([.live(perSecond: 100)]) }
        let feed = try feed(venue, streamsPerConnection: 200)
        try await run(feed) { collector in
            try await eventually { !collector.events.trades.isEmpty }
            await feed.update(streams: [:], resuming: [:])
            try await eventually { venue.log.openConnections == 0 && collector.events.states.last == .stopped }
            await feed.update(streams: Self.streams(Self.bitcoin), resuming: [:])
            try await eventually { collector.events.states.last == .flowing }
        }
        await venue.stop()
        #expect(venue.log.handshakes.count == 2)
    }

    @Test(
        "each venue receives requests in its own format",
        arguments: [
            (
                VenueDescriptor.okx, ["BTC-USDT-SWAP", "ETH-USDT-SWAP"],
                [
                    #"{"op":"subscribe","args":[{"channel":"trades-all","instId":"ETH-USDT-SWAP"}]}"#,
                    #"{"op":"unsubscribe","args":[{"channel":"trades-all","instId":"BTC-USDT-SWAP"}]}"#,
                ]
            ),
            (
                .coinbase, ["BTC-USD", "ETH-USD"],
                [
                    #"{"type":"subscribe","product_ids":["ETH-USD"],"channels":["matches","heartbeat"]}"#,
                    #"{"type":"unsubscribe","product_ids":["BTC-USD"],"channels":["matches","heartbeat"]}"#,
                ]
            ),
        ]
    )
    func formats(venue: VenueDescriptor, symbols: [String], requests: [String]) async throws {
        let server = try await VenueSimulator.start(VenueRecording(trades: [], event: .aggTrade)) { _ in .serve([]) }
        let streams = symbols.map { TradeStream(instrument: Instrument(venue: venue.venue, symbol: $0), name: "x") }
        let feed = try otherVenue(venue, server, [streams[0]])
        try await run(feed) { _ in
            try await eventually { server.log.requests.count == 1 }
            let both = [Self.bitcoin: streams[0], Self.ether: streams[1]]
            await feed.update(streams: both, resuming: [:])
            try await eventually { server.log.requests.count == 2 }
            await feed.update(streams: [Self.ether: streams[1]], resuming: [:])
            try await eventually { server.log.requests.count == 3 }
        }
        await server.stop()
        #expect(server.log.handshakes.count == 1 && Array(server.log.requests.dropFirst()) == requests)
    }

    @Test("an added stream that the venue refuses does not affect others")
    func refused() async throws {
        let message = #"{"type":"error","message":"Failed to subscribe","reason":"NEW-USD is not a valid product"}"#
        let trade =
            #"{"type":"match","trade_id":7,"side":"sell","size":"0.12","price":"42219.9","product_id":"BTC-USD","#
            + #""time":"2021-08-27T07:21:37.897Z"}"#
        let server = try await VenueSimulator.start(VenueRecording(trades: [], event: .aggTrade)) { _ in
            let answer = VenueStep.text(#"{"type":"subscriptions","channels":[]}"#)
            return .serve([.requests(1), answer, .requests(2), .text(message), .text(trade)])
        }
        let streams = ["BTC-USD", "NEW-USD"].map {
            TradeStream(instrument: Instrument(venue: .coinbase, symbol: $0), name: "matches")
        }
        let feed = try otherVenue(.coinbase, server, [streams[0]])
        try await run(feed) { collector in
            try await eventually { server.log.requests.count == 1 }
            await feed.update(streams: [Self.bitcoin: streams[0], Self.ether: streams[1]], resuming: [:])
            try await eventually { collector.events.health.count == 1 && collector.events.trades.count == 1 }
            #expect(collector.events.health.map(\.0) == [Self.ether] && collector.events.health.map(\.1) == [.refused])
        }
        await server.stop()
        #expect(feed.counters.snapshot().connects == 1)
    }

    private func otherVenue(
        _ venue: VenueDescriptor,
        _ server: VenueSimulator,
        _ streams: [TradeStream]
    ) throws -> any TradeFeed {
        try venue.feed(
            stream: venue.streamNames[0],
            configuration: LiveFeedConfiguration(
                websocketURL: server.webSocketURL,
                restURL: server.restURL,
                idleTimeout: .seconds(3600),
                connectsPerMinute: 100
            ),
            streams: StreamTable(streams),
            logger: Fixtures.logger
        )
    }
}
