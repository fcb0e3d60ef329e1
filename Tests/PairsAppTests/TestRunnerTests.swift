import Logging
import MarketData
import PairEngine
import PrometheusExposition
import Testing
import TradeFeeds
import TradeStore

@testable import PairsApp

@Suite(.timeLimit(.minutes(2))) struct TestRunnerTests {
    private let streams = StreamTable(
        ["Y", "X"].map { TradeStream(instrument: Instrument(venue: .replay, symbol: $0), name: "trade") }
    )

    private func loop(_ latestSnapshot: LatestSnapshot) throws -> MarketEngine {
        let second = Timeframe.second
        let definition = PairDefinition(
            name: "p",
            y: InstrumentID(0),
            x: InstrumentID(1),
            timeframes: [second],
            windows: [40],
            tests: TestSettings(everyBars: 2, minimumObservations: 40)
        )
        return MarketEngine(
            pipelines: [
                VenuePipeline(
                    instruments: [InstrumentID(0), InstrumentID(1)],
                    timeframes: [second],
                    lateness: 0,
                    carryLimit: 20
                )
            ],
            engine: PairEngine(definitions: [definition], settings: EngineSettings()),
            correlator: TickCorrelator(definitions: [], horizon: 1),
            latestSnapshot: latestSnapshot,
            barCloseDuration: Histogram(ExporterMetrics.barCloseDuration, bounds: ExporterMetrics.durationBounds)
        )
    }

    /// One trade of each leg in a second of event time.
    private func trades(_ second: Int) -> FeedEvent {
        let time = Timestamp(microseconds: 1_723_161_600_000_000 + Int64(second) * 1_000_000)
        let trades = (0..<2).map { leg in
            Trade(
                instrument: InstrumentID(leg),
                id: Int64(second + 1),
                time: time,
                price: FixedDecimal(mantissa: 6_180_030 + Int64(second * second % (leg == 0 ? 997 : 991)), scale: 2),
                quantity: FixedDecimal(mantissa: 1, scale: 3),
                takerSide: .buy
            )
        }
        return .trades(TradeBatch(trades: trades, receivedAt: time))
    }

    @Test(
        "A feed that delivers bars faster than tests run waits for them: the backlog is bounded, and no test is lost"
    )
    func backlog() async throws {
        let latestSnapshot = LatestSnapshot()
        let market = try loop(latestSnapshot)
        let store = MemoryTradeStore(streams: streams)
        let writer = StoreWriter(store: store, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let runner = TestRunner(
            market: market,
            writer: writer,
            duration: Histogram(ExporterMetrics.testsDuration, bounds: ExporterMetrics.durationBounds),
            waitingLimit: 8
        )
        var most = 0
        for second in 0..<400 {
            await runner.enqueue(market.handle(trades(second), from: 0))
            most = max(most, await market.waitingTests)
        }
        #expect(most == 8)
        #expect(latestSnapshot.value.oldestWaitingTest != nil)

        let running = Task { await runner.run() }
        // The queue is not empty: the runner begins at once.
        await runner.enqueue(market.handle(trades(400), from: 0))
        while await market.waitingTests > 0 { try await Task.sleep(for: .milliseconds(5)) }
        running.cancel()
        await running.value
        #expect(latestSnapshot.value.oldestWaitingTest == nil)
        let reading = latestSnapshot.value.readings[0]
        let closeTime = try #require(reading.closeTime)
        #expect(try reading.tests.get().closeTime >= closeTime - 2_000_000)
        let memory = try #require(await market.memories.values.first)
        #expect(memory.slot == Timeframe.second.slot(of: try reading.tests.get().closeTime) - 1)
    }

    @Test("A feed that ends while tests wait is not delayed")
    func cancellation() async throws {
        let market = try loop(LatestSnapshot())
        let writer = StoreWriter(
            store: MemoryTradeStore(streams: streams),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let runner = TestRunner(
            market: market,
            writer: writer,
            duration: Histogram(ExporterMetrics.testsDuration, bounds: ExporterMetrics.durationBounds),
            waitingLimit: 1
        )
        // No runner receives the released tests, so that the waiting ones never follow.
        var effects = MarketEngine.Effects()
        for second in 0..<100 { effects.waitingTests = await market.handle(trades(second), from: 0).waitingTests }
        #expect(effects.waitingTests > 4)
        let feed = Task { [effects] in await runner.enqueue(effects) }
        try await Task.sleep(for: .milliseconds(20))
        feed.cancel()
        await feed.value
        #expect(await market.waitingTests > 4)
    }
}
