import MarketData
import TestSupport
import Testing
import TradeFeeds
import TradeFiles

@Suite struct ReplayFeedTests {
    private func replay(
        _ text: String,
        speed: ReplaySpeed = .max,
        resuming positions: [InstrumentID: StreamPosition] = [:]
    ) async throws -> (events: EventCollector.Events, counts: FeedCounts) {
        try await TemporaryFolder.withFile(Fixtures.table(text).utf8) { path in
            try await replay(path: path, speed: speed, resuming: positions)
        }
    }

    private func replay(
        path: String,
        speed: ReplaySpeed = .max,
        resuming positions: [InstrumentID: StreamPosition] = [:]
    ) async throws -> (events: EventCollector.Events, counts: FeedCounts) {
        let file = try ReplayFile.inspect(path, frames: .binance)
        let feed = ReplayFeed(
            file: file,
            frames: .binance,
            speed: speed,
            streams: StreamTable(file.streams),
            logger: Fixtures.logger
        )
        let collector = EventCollector()
        try await feed.run(resuming: positions) { collector.record($0) }
        return (collector.events, feed.counters.snapshot())
    }

    @Test("columns are found by name in any order, with quotes and among unknown ones")
    func columns() async throws {
        let text = """
            note,qty,price,taker_side,trade_id,symbol,ts_us,order_type\r
            "a, b",0.50,61800.30,buy,7,BTCUSDT,1723161256322001,MARKET\r
            ,"2","1.0",sell,8,"ETHUSDT",1723161256322002,\r
            x,1,1,,9,BTCUSDT,1723161256322003,ADL\r
            """
        let trades = try await replay(text).events.trades
        #expect(trades.map(\.id) == [7, 8, 9])
        #expect(trades.map(\.instrument.index) == [0, 1, 0])
        #expect(
            trades.map(\.time.microseconds) == [1_723_161_256_322_001, 1_723_161_256_322_002, 1_723_161_256_322_003]
        )
        #expect(trades.map(\.price.description) == ["61800.30", "1.0", "1"])
        #expect(trades.map(\.quantity.description) == ["0.50", "2", "1"])
        #expect(trades.map(\.takerSide) == [.buy, .sell, .unknown])
        #expect(trades.map(\.discard) == [nil, nil, .orderType])
    }

    @Test(
        "the maker flag is read in its usual spellings",
        arguments: [
            ("true", TakerSide.sell), ("True", .sell), ("TRUE", .sell), ("1", .sell), ("false", .buy), ("False", .buy),
            ("0", .buy), ("", .unknown),
        ]
    )
    func makerFlag(text: String, side: TakerSide) async throws {
        let trades = try await replay("time_ms,symbol,id,price,quantity,is_buyer_maker\n1,A,1,1,1,\(text)\n").events
            .trades
        #expect(trades.map(\.takerSide) == [side])
    }

    @Test("trades without ids are numbered in file order per symbol, from 1")
    func numbering() async throws {
        let rows = "5,A,1,1\n5,B,1,1\n4,A,0,1\nbroken\n6,A,1,1\n6,B,1,1\n"
        let trades = try await replay("ts_ms,symbol,price,qty\n" + rows).events.trades
        #expect(trades.map(\.id) == [1, 1, 2, 3, 2])
        #expect(trades.map(\.discard) == [nil, nil, .price, nil, nil])
    }

    @Test(
        "malformed lines are counted by reason and the rest is replayed",
        arguments: [
            ("2,A", DecodeFailure.missingField), ("2,A,1,1,1,1", .wrongType), ("2,,2,1,1", .missingField),
            ("2,A,,1,1", .numberOutOfRange),
            ("2,A,2,,1", .malformedDecimal), ("x,A,2,1,1", .malformedTime), ("2.5,A,2,1,1", .malformedTime),
            ("-2,A,2,1,1", .malformedTime), ("1723161256322001000000,A,2,1,1", .malformedTime),
            ("2004-12-31,A,2,1,1", .malformedTime),
            ("2,A,x,1,1", .numberOutOfRange), ("2,A,2,NaN,1", .malformedDecimal), ("2,A,2,1e,1", .malformedDecimal),
            ("2,A,2,1,\"1,000\"", .malformedDecimal), ("2,\"A,2,1,1", .missingField), ("2,\"A\"x,2,1,1", .missingField),
        ]
    )
    func malformed(line: String, failure: DecodeFailure) async throws {
        let run = try await replay("ts_ms,symbol,trade_id,price,qty\n1,A,1,1,1\n\(line)\n3,A,3,1,1\n")
        #expect(run.events.trades.map(\.id) == [1, 3])
        #expect(run.counts.decodeFailures[failure] == 1)
        #expect(run.counts.decodeFailures.values.reduce(0, +) == 1)
        #expect(run.counts.frames == 4)
    }

    @Test("frames are decoded like those of a connection, and truncated ones are counted", arguments: BadInput.all)
    func frames(input: BadInput) async throws {
        let good = BadInput.event(["a": "100"])
        let bytes = Array(good.utf8) + [0x0A] + input.bytes + [0x0A] + Array(BadInput.event(["a": "102"]).utf8)
        let run = try await TemporaryFolder.withFile(bytes) { try await replay(path: $0) }
        // A file has no subscriptions, and an empty line is skipped.
        if input.failure == .unknownSymbol || input.bytes.isEmpty {
            #expect(run.counts.decodeFailures.values.reduce(0, +) == 0)
        } else {
            #expect(run.events.trades.map(\.id) == [100, 102])
            #expect(run.counts.decodeFailures[input.failure] == 1)
        }
    }

    @Test("known trades are skipped, and the end still has the greatest time")
    func resuming() async throws {
        let text = "ts_ms,symbol,price,qty\n1,A,1,1\n2,A,1,1\n3,B,1,1\n4,A,1,1\n9,B,1,1\n"
        let known = StreamPosition(lastID: 2, lastTime: Fixtures.start + 2000)
        let part = try await replay(text, resuming: [InstrumentID(0): known]).events
        #expect(part.trades.map(\.id) == [1, 3, 2])
        let all = [InstrumentID(0): StreamPosition(lastID: 3, lastTime: known.lastTime), InstrumentID(1): known]
        let nothing = try await replay(text, resuming: all).events
        #expect(nothing.trades.isEmpty)
        #expect(nothing.endings == [Fixtures.start + 9000])
    }

    @Test("as fast as possible, time follows the trades and ends with the greatest")
    func fastest() async throws {
        let rows = (1...2500).map { "\($0),A,1,1" }.joined(separator: "\n")
        let events = try await replay("ts_ms,symbol,price,qty\n\(rows)\n1000,A,1,1\n").events
        #expect(events.trades.count == 2501)
        #expect(events.batches == 3)
        #expect(events.times.map { $0.time - Fixtures.start } == [1_000_000, 2_000_000, 2_500_000])
        #expect(events.times.allSatisfy { $0.isFlowing })
        #expect(events.endings == [Fixtures.start + 2_500_000])
        #expect(events.states == [.flowing, .stopped])
    }

    @Test("at a multiple of the speed trades are not delivered before their time")
    func paced() async throws {
        let start = ContinuousClock.now
        let events = try await replay("ts_ms,symbol,price,qty\n0,A,1,1\n6000,A,1,1\n", speed: .times(10)).events
        #expect(start.duration(to: .now) >= .milliseconds(600))
        #expect(events.trades.map(\.id) == [1, 2])
        let times = events.times.map { $0.time - Fixtures.start }
        #expect(times == times.sorted())
        #expect(times.first == 0 && times.last == 6_000_000)
    }

    @Test("the clock advances between trades, and cancellation ends a slow replay")
    func clock() async throws {
        try await TemporaryFolder.withFile(Fixtures.table("ts_ms,symbol,price,qty\n0,A,1,1\n86400000,A,1,1\n").utf8) {
            path in
            let file = try ReplayFile.inspect(path, frames: .binance)
            let feed = ReplayFeed(
                file: file,
                frames: .binance,
                speed: .times(2),
                streams: StreamTable(file.streams),
                logger: Fixtures.logger
            )
            let start = ContinuousClock.now
            let events = try await EventCollector.run(feed) { $0.times.count >= 5 }
            let elapsed = start.duration(to: .now) / .microseconds(1)
            let times = events.times.map { $0.time - Fixtures.start }
            #expect(times == times.sorted())
            #expect(Set(times).count == times.count)
            #expect(times.allSatisfy { $0 <= Int64(2 * elapsed) })
            #expect(events.trades.count == 1)
            #expect(events.endings.isEmpty)
        }
    }

    @Test("lines of symbols that are not in the table are ignored")
    func otherSymbols() async throws {
        try await TemporaryFolder.withFile(Fixtures.table("ts_ms,symbol,price,qty\n1,A,1,1\n2,B,1,1\n3,B,1,1\n").utf8) {
            path in
            let file = try ReplayFile.inspect(path, frames: .binance)
            let feed = ReplayFeed(
                file: file,
                frames: .binance,
                speed: .max,
                streams: StreamTable([file.streams[1]]),
                logger: Fixtures.logger
            )
            let collector = EventCollector()
            try await feed.run(resuming: [:]) { collector.record($0) }
            #expect(collector.events.trades.map(\.instrument.index) == [0, 0])
            #expect(feed.counters.snapshot().ignoredEvents == 1)
        }
    }

    @Test("recorded frames and the CSV made from them have the same trades", .enabled(if: SharedData.hasRecordings))
    func recorded() async throws {
        let frames = try await replay(path: SharedData.file("data/binance-usdm-20240808/frames.ndjson.gz"))
        let rows = try await replay(path: SharedData.file("data/binance-usdm-20240808/trades.csv.gz"))
        #expect(frames.events.trades.count == 35_389)
        #expect(frames.events.trades == rows.events.trades)
        #expect(frames.events.endings == rows.events.endings)
        #expect(frames.counts.decodeFailures.values.allSatisfy { $0 == 0 })
    }
}
