import Logging
import MarketData
import PairEngine
import PrometheusExposition
import Testing
import TradeFeeds
import TradeStore

@testable import Exporter

@Suite(.timeLimit(.minutes(2))) struct TestRunnerTests {
    private let streams = StreamTable(
        ["Y", "X"].map { TradeStream(instrument: Instrument(venue: .replay, symbol: $0), name: "trade") }
    )

    private func loop(_ board: SnapshotBoard) throws -> MarketLoop {
        let second = Timeframe.second
        let definition = PairDefinition(
            name: "p",
            y: InstrumentID(0),
            x: InstrumentID(1),
            timeframes: [second],
            windows: [40],
            tests: TestSettings(everyBars: 2, minimumObservations: 40)
        )
        return MarketLoop(
            tapes: [VenueTape(instruments: 0..<2, timeframes: [second], lateness: 0, carryLimit: 20)],
            engine: PairEngine(definitions: [definition], settings: EngineSettings()),
            correlator: TickCorrelator(definitions: [], instrumentCount: 2, horizon: 1),
            board: board,
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
        "A feed that brings bars faster than tests run waits for them: the backlog of one reading is bounded, none is lost"
    )
    func backlog() async throws {
        let board = SnapshotBoard()
        let loop = try loop(board)
        let store = MemoryTradeStore(streams: streams)
        let writer = StoreWriter(store: store, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let runner = TestRunner(
            loop: loop,
            writer: writer,
            duration: Histogram(ExporterMetrics.testsDuration, bounds: ExporterMetrics.durationBounds),
            waitingLimit: 8
        )
        var most = 0
        for second in 0..<400 {
            await runner.enqueue(loop.handle(trades(second), from: 0))
            most = max(most, await loop.waitingTests)
        }
        #expect(most == 8)
        #expect(board.latest.oldestWaitingTest != nil)

        let running = Task { await runner.run() }
        // The queue is not empty: the runner begins at once.
        await runner.enqueue(loop.handle(trades(400), from: 0))
        while await loop.waitingTests > 0 { try await Task.sleep(for: .milliseconds(5)) }
        running.cancel()
        await running.value
        #expect(board.latest.oldestWaitingTest == nil)
        let reading = board.latest.readings[0]
        let closeTime = try #require(reading.closeTime)
        #expect(try reading.tests.get().closeTime >= closeTime - 2_000_000)
        let memory = try #require(await loop.memories.values.first)
        #expect(memory.slot == Timeframe.second.slot(of: try reading.tests.get().closeTime) - 1)
    }

    @Test("A feed that ends while tests wait is not held up")
    func cancellation() async throws {
        let loop = try loop(SnapshotBoard())
        let writer = StoreWriter(
            store: MemoryTradeStore(streams: streams),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let runner = TestRunner(
            loop: loop,
            writer: writer,
            duration: Histogram(ExporterMetrics.testsDuration, bounds: ExporterMetrics.durationBounds),
            waitingLimit: 1
        )
        // The tests are released to nobody, so that those that wait never come.
        var consequences = MarketLoop.Consequences()
        for second in 0..<100 { consequences.waitingTests = await loop.handle(trades(second), from: 0).waitingTests }
        #expect(consequences.waitingTests > 4)
        let feed = Task { [consequences] in await runner.enqueue(consequences) }
        try await Task.sleep(for: .milliseconds(20))
        feed.cancel()
        await feed.value
        #expect(await loop.waitingTests > 4)
    }
}
