import Logging
import MarketData
import PairEngine
import PrometheusExposition
import TestSupport
import Testing
import TradeFeeds
import TradeStore

@testable import PairsApp

@Suite(.timeLimit(.minutes(2))) struct EfficacyServiceTests {
    private static let streams = StreamTable(
        ["YUSDT", "XUSDT"].map { TradeStream(instrument: Instrument(venue: .simulated, symbol: $0), name: "simulated") }
    )

    private static func pair(_ timeframe: Timeframe, windows: [Int]) -> PairDefinition {
        PairDefinition(name: "p", y: InstrumentID(0), x: InstrumentID(1), timeframes: [timeframe], windows: windows)
    }

    private static func market(_ definitions: [PairDefinition], _ timeframe: Timeframe) -> MarketEngine {
        MarketEngine(
            pipelines: [
                VenuePipeline(
                    instruments: [InstrumentID(0), InstrumentID(1)],
                    timeframes: [timeframe],
                    lateness: 250_000,
                    carryLimit: 20
                )
            ],
            engine: PairEngine(definitions: definitions, settings: EngineSettings()),
            correlator: TickCorrelator(definitions: definitions, horizon: 1),
            latestSnapshot: LatestSnapshot(),
            barCloseDuration: Histogram(ExporterMetrics.barCloseDuration, bounds: ExporterMetrics.durationBounds)
        )
    }

    @Test("a failure to read the store is counted and logged, and ends nothing")
    func unreadableStore() async throws {
        let second = try #require(Timeframe("1s"))
        let definition = Self.pair(second, windows: [10])
        let store = MemoryTradeStore(streams: Self.streams)
        try await store.close()
        let failures = Counter(StoreMetrics.readFailures)
        let log = CapturedLog()
        let service = EfficacyService(
            settings: EngineSettings(),
            store: store,
            market: Self.market([definition], second),
            failures: failures,
            logger: log.logger
        )
        let running = Task { await service.run() }
        while failures.value == 0 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(!running.isCancelled)
        running.cancel()
        await running.value
        #expect(failures.value == 1)
        #expect(log.text.contains("past extremes could not be read"))
        #expect(log.text.contains("the store has been closed"))
    }

    @Test("pages of bars give the same result as all bars at once, and no read is longer than a page")
    func pages() async throws {
        let second = try #require(Timeframe("1s"))
        let definition = Self.pair(second, windows: [30, 60])
        let (y, x) = Self.legs(second, count: 4_321)
        let store = ScriptedStore(MemoryTradeStore(streams: Self.streams))
        _ = try await store.write(StoreBatch(bars: y + x))
        var engine = PairEngine(definitions: [definition], settings: EngineSettings())
        var followers = engine.readings.indices.map { ExtremeFollower(of: $0) }
        engine.replay((y + x).sorted { $0.slot < $1.slot }) { _, engine in
            for index in followers.indices { followers[index].follow(engine) }
        }
        let expected = followers.map(\.efficacy)
        #expect(expected.allSatisfy { $0.count > 10 })
        let service = EfficacyService(
            settings: EngineSettings(),
            store: store,
            market: Self.market([definition], second),
            failures: Counter(StoreMetrics.readFailures),
            logger: CapturedLog().logger
        )
        #expect(try await service.efficacies(of: [definition]) == expected)
        #expect(store.longestRead == Int(EfficacyService.pageLength))
    }

    /// Bars of a spread that reverts. Gaps lie within pages and across their ends, and each leg begins and ends alone.
    private static func legs(_ timeframe: Timeframe, count: Int64) -> (y: [Bar], x: [Bar]) {
        var random = SeededRandom(seed: 18)
        var (common, spread) = (0.0, 0.0)
        var (y, x): ([Bar], [Bar]) = ([], [])
        for slot in 0..<count {
            common += 1e-4 * random.normal()
            spread = 0.9 * spread + 1e-4 * random.normal()
            let bar = { (instrument: Int, value: Double) in
                Bar(
                    instrument: InstrumentID(instrument),
                    timeframe: timeframe,
                    slot: slot,
                    state: .traded,
                    prices: .carried(100 * (1 + value))
                )
            }
            if slot > 5, !(1_990..<2_020).contains(slot) { y.append(bar(0, common + spread)) }
            if slot < count - 7, !(3_000..<3_150).contains(slot) { x.append(bar(1, common)) }
        }
        return (y, x)
    }
}
