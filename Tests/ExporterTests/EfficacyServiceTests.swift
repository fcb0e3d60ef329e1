import Logging
import MarketData
import PairEngine
import PrometheusExposition
import TestSupport
import Testing
import TradeFeeds
import TradeStore

@testable import Exporter

@Suite(.timeLimit(.minutes(2))) struct EfficacyServiceTests {
    @Test("a store that cannot be read is counted and told, and ends nothing")
    func unreadableStore() async throws {
        let second = try #require(Timeframe("1s"))
        let definition = PairDefinition(
            name: "p",
            y: InstrumentID(0),
            x: InstrumentID(1),
            timeframes: [second],
            windows: [10]
        )
        let streams = StreamTable(
            ["YUSDT", "XUSDT"].map {
                TradeStream(instrument: Instrument(venue: .simulated, symbol: $0), name: "simulated")
            }
        )
        let store = MemoryTradeStore(streams: streams)
        try await store.close()
        let loop = MarketLoop(
            tapes: [VenueTape(instruments: 0..<2, timeframes: [second], lateness: 250_000, carryLimit: 20)],
            engine: PairEngine(definitions: [definition], settings: EngineSettings()),
            correlator: TickCorrelator(definitions: [definition], instrumentCount: 2, horizon: 1),
            board: SnapshotBoard(),
            barCloseDuration: Histogram(ExporterMetrics.barCloseDuration, bounds: ExporterMetrics.durationBounds)
        )
        let failures = Counter(StoreMetrics.readFailures)
        let log = CapturedLog()
        let service = EfficacyService(
            minimumFill: 0.9,
            store: store,
            loop: loop,
            failures: failures,
            logger: log.logger
        )
        let running = Task { await service.run() }
        while failures.value == 0 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(!running.isCancelled)
        running.cancel()
        await running.value
        #expect(failures.value == 1)
        #expect(log.text.contains("Past extremes could not be read"))
        #expect(log.text.contains("the store has been closed"))
    }
}
