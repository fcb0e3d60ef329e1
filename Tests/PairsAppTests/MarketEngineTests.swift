import MarketData
import PairEngine
import PrometheusExposition
import Testing
import TradeFeeds

@testable import PairsApp

@Suite struct MarketEngineTests {
    private static let thin = InstrumentID(1)

    private func liveness(after events: [FeedEvent]) async throws -> [Bool] {
        let latestSnapshot = LatestSnapshot()
        let pipeline = VenuePipeline(
            instruments: [InstrumentID(0), InstrumentID(1)],
            timeframes: [try #require(Timeframe("1s"))],
            lateness: 250_000,
            carryLimit: 20
        )
        let market = MarketEngine(
            pipelines: [pipeline],
            engine: PairEngine(definitions: [], settings: EngineSettings()),
            correlator: TickCorrelator(definitions: [], horizon: 1),
            latestSnapshot: latestSnapshot,
            barCloseDuration: Histogram(ExporterMetrics.barCloseDuration, bounds: ExporterMetrics.durationBounds)
        )
        for event in events { _ = await market.handle(event, from: 0) }
        return [InstrumentID(0), Self.thin].map { latestSnapshot.value.instruments[$0]?.isUp == true }
    }

    private static func trade(isRepair: Bool) -> FeedEvent {
        let trade = Trade(
            instrument: thin,
            id: 7,
            time: Timestamp(microseconds: 1_723_161_600_000_000),
            price: FixedDecimal(mantissa: 6_180_030, scale: 2),
            quantity: FixedDecimal(mantissa: 1, scale: 3),
            takerSide: .buy
        )
        return .trades(TradeBatch(trades: [trade], receivedAt: trade.time, isRepair: isRepair))
    }

    @Test(
        "a stream is up by its data or because the venue has none, until it is found dead or the connection ends",
        arguments: [
            ([.state(.flowing)], false),
            ([trade(isRepair: false)], true),
            ([trade(isRepair: true)], false),
            ([.quiet(thin)], true),
            ([.quiet(thin), .streams([thin], .dead)], false),
            ([trade(isRepair: false), .streams([thin], .dead)], false),
            ([trade(isRepair: false), .state(.stopped)], false),
        ] as [([FeedEvent], Bool)]
    )
    func streamUp(_ events: [FeedEvent], isUp: Bool) async throws {
        #expect(try await liveness(after: events) == [false, isUp])
    }
}
