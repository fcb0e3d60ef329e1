import MarketData
import Synchronization
import Testing
import VenueSimulator

@testable import TradeFeeds

/// Six windows of 1,000 bars, requested from each venue in pages.
@Suite struct CandlePagesTests {
    private static let count = 6_000
    private let minute: Timeframe

    init() throws {
        minute = try #require(Timeframe("1m"))
    }

    private func feed(_ venue: VenueDescriptor, _ server: VenueSimulator) throws -> any TradeFeed {
        let instrument = Instrument(venue: venue.venue, symbol: venue.examplePair.x)
        return try venue.feed(
            stream: venue.streamNames[0],
            configuration: LiveFeedConfiguration(websocketURL: server.webSocketURL, restURL: server.restURL),
            streams: StreamTable([TradeStream(instrument: instrument, name: venue.streamNames[0])]),
            logger: Fixtures.logger
        )
    }

    private func start(_ step: @escaping @Sendable (String) -> VenueRESTStep) async throws -> VenueSimulator {
        let recording = VenueRecording(trades: [], event: .aggTrade)
        return try await VenueSimulator.start(recording, rest: { _, target in step(target) })
    }

    private func candleRequests(_ server: VenueSimulator) -> Int {
        server.log.restRequests.count(where: VenueCandles.isForCandles)
    }

    private func expect(_ bars: [Bar], slots: Range<Int64>, _ location: SourceLocation = #_sourceLocation) {
        #expect(bars.map(\.slot) == Array(slots), sourceLocation: location)
        #expect(
            bars.allSatisfy { $0.prices?.close == VenueCandles.close($0.slot) && $0.origin == .klines },
            sourceLocation: location
        )
    }

    @Test(
        "6,000 candles come in few requests, within the venue's limits, oldest first",
        arguments: [(VenueDescriptor.binanceUSDM, 4), (.binanceSpot, 6), (.okx, 20), (.coinbase, 20), (.bybit, 6)]
    )
    func pages(venue: VenueDescriptor, requests: Int) async throws {
        let candles = VenueCandles(venue: venue)
        let server = try await start { target in
            candles.step(target)
        }
        let bars = try await feed(venue, server).candles(of: InstrumentID(0), timeframe: minute, count: Self.count)
        await server.stop()
        expect(bars, slots: (candles.present - Int64(Self.count))..<candles.present)
        #expect(candleRequests(server) == requests)
    }

    @Test(
        "6,000 candles cost a small part of what the venue allows in a minute",
        arguments: [(VenueDescriptor.binanceUSDM, 40), (.binanceSpot, 12), (.okx, 20), (.coinbase, 20), (.bybit, 6)]
    )
    func weight(venue: VenueDescriptor, weight: Int) throws {
        func cost(_ adapter: some VenueAdapter, pageSize: Int) throws -> Int {
            let instrument = Instrument(venue: venue.venue, symbol: venue.examplePair.x)
            var slots = Int64(0)..<Int64(Self.count)
            var cost = 0
            while !slots.isEmpty {
                cost += try #require(adapter.candles(of: instrument, timeframe: minute, slots: slots)).weight
                slots = 0..<max(0, slots.upperBound - Int64(pageSize))
            }
            #expect(cost * 10 < adapter.requestLimits.weightPerMinute)
            return cost
        }
        let base = try WebSocketEndpoint(venue.websocketURL)
        let pageSize = VenueCandles(venue: venue).pageSize
        let found = try cost(venue.makeAdapter(base, venue.streamNames[0]), pageSize: pageSize)
        #expect(found == weight)
    }

    @Test("candles of the simulated market are read in pages, too")
    func recordedMarket() async throws {
        let trades = (0...Self.count).map { (index: Int) -> RecordedTrade in
            RecordedTrade(
                symbol: "BTCUSDT",
                id: Int64(index + 1),
                time: Timestamp(microseconds: 1_723_161_600_000_000 + Int64(index) * minute.microseconds),
                price: FixedDecimal(mantissa: 6_180_030 + Int64(index % 7), scale: 2),
                quantity: FixedDecimal(mantissa: 1, scale: 3),
                buyerIsMaker: false
            )
        }
        let server = try await VenueSimulator.start(VenueRecording(trades: trades, event: .aggTrade))
        let feed = try Fixtures.feed(server, symbols: ["BTCUSDT"])
        let bars = try await feed.candles(of: InstrumentID(0), timeframe: minute, count: Self.count)
        await server.stop()
        #expect(bars.map(\.prices?.close) == trades.dropLast().map(\.price.doubleValue))
        #expect(candleRequests(server) == 4)
    }

    @Test("the candles before a failure are kept, and the others can be requested", arguments: [503, 429])
    func failure(status: Int) async throws {
        let candles = VenueCandles(venue: .binanceUSDM)
        let pages = Mutex(0)
        let server = try await start { target in
            guard VenueCandles.isForCandles(target) else { return candles.step(target) }
            let page = pages.withLock { pages in
                pages += 1
                return pages
            }
            return page == 3 ? .refuse(status: status, headers: ["Retry-After": "1"]) : candles.step(target)
        }
        let feed = try feed(.binanceUSDM, server)
        let end = candles.present
        let error = await #expect(throws: IncompleteCandles.self) {
            try await feed.candles(of: InstrumentID(0), timeframe: minute, count: Self.count)
        }
        let incomplete = try #require(error)
        expect(incomplete.bars, slots: (end - 3_000)..<end)
        #expect(!incomplete.isRefused)
        #expect("\(incomplete)".contains("after 3000 candles"))
        #expect(feed.counters.snapshot().failedRequests == 1)
        let rest = try await feed.candles(
            of: InstrumentID(0),
            timeframe: minute,
            count: Self.count - incomplete.bars.count,
            before: incomplete.bars.first?.slot
        )
        await server.stop()
        expect(rest + incomplete.bars, slots: (end - 6_000)..<end)
        #expect(candleRequests(server) == 5)
    }

    @Test(
        "a refused request is distinguished from one that may succeed later",
        arguments: [(400, true), (500, false)]
    )
    func refused(status: Int, isRefused: Bool) async throws {
        let server = try await start { target in
            VenueCandles.isForCandles(target)
                ? .refuse(status: status) : VenueCandles(venue: .binanceUSDM).step(target)
        }
        let feed = try feed(.binanceUSDM, server)
        let error = await #expect(throws: IncompleteCandles.self) {
            try await feed.candles(of: InstrumentID(0), timeframe: minute, count: 10)
        }
        await server.stop()
        #expect(error?.isRefused == isRefused)
        #expect(error?.bars == [])
    }

    @Test("of a venue that has only the last 720 candles, those are read, without the present one")
    func lastCandles() async throws {
        let candles = VenueCandles(venue: .kraken)
        let server = try await start { candles.step($0) }
        let bars = try await feed(.kraken, server).candles(of: InstrumentID(0), timeframe: minute, count: Self.count)
        await server.stop()
        expect(bars, slots: (candles.present - 719)..<candles.present)
        #expect(candleRequests(server) == 2)
    }

    @Test("a venue with a shorter past receives no further requests")
    func shortPast() async throws {
        let candles = VenueCandles(venue: .binanceUSDM)
        let server = try await start { target in
            let isOld = target.contains("startTime=\((candles.present - 3_000) * 60_000)")
            return isOld ? .reply("[]") : candles.step(target)
        }
        let bars = try await feed(.binanceUSDM, server).candles(of: InstrumentID(0), timeframe: minute, count: 6_000)
        await server.stop()
        expect(bars, slots: (candles.present - 1_500)..<candles.present)
        #expect(candleRequests(server) == 2)
    }
}
