import Logging
import MarketData
import PairEngine
import PrometheusExposition
import Synchronization
import TestSupport
import Testing
import TradeFeeds
import TradeStore

@testable import PairsApp

@Suite(.timeLimit(.minutes(2))) struct FeedServiceTests {
    private let second: Timeframe
    private let streams = StreamTable(
        ["ETHUSDT", "BTCUSDT"].map {
            TradeStream(instrument: Instrument(venue: .binanceUSDM, symbol: $0), name: "aggTrade")
        }
    )

    init() throws {
        second = try #require(Timeframe("1s"))
    }

    private func pipeline() -> VenuePipeline {
        VenuePipeline(
            instruments: [InstrumentID(0), InstrumentID(1)],
            timeframes: [second],
            lateness: 250_000,
            carryLimit: 20
        )
    }

    private func trades() -> [Trade] {
        (0..<400).map { index in
            Trade(
                instrument: InstrumentID(index % 2),
                id: Int64(1 + index / 2),
                time: Timestamp(microseconds: 1_723_161_600_000_000 + Int64(index) * 100_000),
                price: FixedDecimal(mantissa: 6_180_030 + Int64(index * index % 997), scale: 2),
                quantity: FixedDecimal(mantissa: 1, scale: 3),
                takerSide: .buy
            )
        }
    }

    private var logger: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    private func service(
        _ feed: any TradeFeed,
        _ writer: StoreWriter,
        start: WarmStartOutcome = WarmStartOutcome(),
        refresh: @escaping @Sendable () async throws -> Void = { Issue.record("nothing was fetched") }
    ) -> FeedService {
        let market = MarketEngine(
            pipelines: [pipeline()],
            engine: PairEngine(definitions: [], settings: EngineSettings()),
            correlator: TickCorrelator(definitions: [], horizon: 1),
            latestSnapshot: LatestSnapshot(),
            barCloseDuration: Histogram(ExporterMetrics.barCloseDuration, bounds: ExporterMetrics.durationBounds)
        )
        return FeedService(
            index: 0,
            feed: feed,
            start: start,
            market: market,
            writer: writer,
            tests: TestRunner(
                market: market,
                writer: writer,
                duration: Histogram(ExporterMetrics.testsDuration, bounds: ExporterMetrics.durationBounds)
            ),
            history: HistoryProgress(feeds: [0]),
            refresh: { refreshed in
                guard case .candles(let instruments) = refreshed else {
                    Issue.record("only candles were fetched")
                    return
                }
                #expect(instruments.isSubset(of: start.missingCandles.map(\.instrument)))
                try await refresh()
            },
            notices: NoticeLog(streams: streams, logger: logger),
            logger: logger
        )
    }

    @Test("windows are replaced once all candles of a feed are on disk, and again where that fails")
    func refresh() async throws {
        let store = MemoryTradeStore(streams: streams)
        let writer = StoreWriter(store: store, logger: logger)
        let feed = CandleFeed()
        let start = WarmStartOutcome(
            missingCandles: streams.ids.map { .init(instrument: $0, timeframe: second, count: 3_000) }
        )
        let calls = Mutex(0)
        let service = service(feed, writer, start: start) { [second, streams] in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            for id in streams.ids {
                let stored = try await store.bars(of: id, timeframe: second, last: 9_999)
                #expect(
                    stored == CandleFeed.bars(of: id, second, (CandleFeed.present - 3_000)..<CandleFeed.present)
                )
            }
            if call == 1 { throw StoreError.diskFull(path: "test") }
        }
        let running = Task { try await service.run() }
        while calls.withLock({ $0 }) < 2 { try await Task.sleep(for: .milliseconds(5)) }
        try await Task.sleep(for: .milliseconds(50))
        running.cancel()
        try await running.value
        #expect(calls.withLock { $0 } == 2)
        #expect(feed.requests.count == 2)
    }

    @Test("windows do not change where the venue has no candles")
    func noCandles() async throws {
        let writer = StoreWriter(store: MemoryTradeStore(streams: streams), logger: logger)
        let feed = CandleFeed([.none])
        let start = WarmStartOutcome(missingCandles: [.init(instrument: InstrumentID(0), timeframe: second, count: 9)])
        let service = service(feed, writer, start: start)
        let running = Task { try await service.run() }
        while feed.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        try await Task.sleep(for: .milliseconds(50))
        running.cancel()
        try await running.value
        #expect(writer.metrics.tradesWritten == 0)
    }

    @Test("trades that the store dropped on a full disk are requested from the venue and written once there is space")
    func restoring() async throws {
        let trades = trades()
        let store = ScriptedStore(MemoryTradeStore(streams: streams))
        store.fail(true)
        let writer = StoreWriter(store: store, queueLimit: 20, commitInterval: .zero, logger: logger)
        let feed = ResendingFeed(trades: trades) {
            #expect(writer.metrics.droppedTrades > 100)
            store.fail(false)
            try await writer.flush(within: .seconds(60))
        }
        let service = service(feed, writer)
        // The service is not shut down: it waits after the end of its source.
        let running = Task { try await service.run() }
        while writer.metrics.tradesWritten < trades.count {
            try await Task.sleep(for: .milliseconds(5))
        }
        running.cancel()
        try await running.value

        var undisturbed = PipelineOutput()
        var pipeline = pipeline()
        for trade in trades {
            pipeline.append(TradeBatch(trades: [trade], receivedAt: trade.time), into: &undisturbed)
        }
        for id in streams.ids {
            #expect(
                try await store.trades(of: id, from: Timestamp(microseconds: .min))
                    == trades.filter { $0.instrument == id }
            )
            #expect(try await store.openGaps(of: id).isEmpty)
            #expect(
                try await store.bars(of: id, timeframe: second, slots: .min...Int64.max)
                    == undisturbed.bars.filter { $0.instrument == id }
            )
        }
        #expect(writer.metrics.droppedIDs.values.allSatisfy { $0.count == 0 })
        #expect(writer.metrics.tradesWritten == trades.count)
    }
}
