import Logging
import MarketData
import ServiceLifecycle
import TradeFeeds
import TradeStore

/// One feed at work: its events go to the market loop, what follows from them to the store and the tests.
struct FeedService: Service {
    /// How often the venue is asked for its candles before windows are left to fill by themselves.
    private static let candleAttempts = 6

    let index: Int
    let feed: any TradeFeed
    /// The positions of the feed's streams in the run's table.
    let instruments: Range<Int>
    let start: WarmStartOutcome
    let loop: MarketLoop
    let writer: StoreWriter
    let tests: TestRunner
    let logger: Logger

    /// Runs until the service group shuts down. A source that ends, as files do, leaves its readings on show.
    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    defer { group.cancelAll() }
                    group.addTask { try await fetchCandles() }
                    try await feed.run(resuming: start.positions, missing: missing) { event in
                        if let event = await news(in: event) { await take(loop.handle(event, from: index)) }
                    }
                }
                logger.info("The feed's source has ended", metadata: ["venue": "\(feed.venue)"])
            }
        } catch is CancellationError {
            return
        }
        try? await gracefulShutdown()
    }

    /// What the market has not seen, and what it has seen and the store had to drop.
    private func missing() async -> [MissingTrades] {
        await loop.missing(of: index) + writer.missing(of: instruments)
    }

    /// What of an event the market loop does not know yet: trades that only the store lacks go no further than there.
    private func news(in event: FeedEvent) async -> FeedEvent? {
        switch event {
        case .trades(var batch) where batch.isRepair:
            batch.trades = await writer.restore(batch.trades)
            return batch.trades.isEmpty ? nil : .trades(batch)
        case .unrepairable(let instrument, let ids):
            await writer.giveUp(ids, of: instrument)
            return event
        default:
            return event
        }
    }

    private func take(_ consequences: MarketLoop.Consequences) async {
        if !consequences.batch.isEmpty { await writer.enqueue(consequences.batch) }
        tests.enqueue(consequences)
    }

    /// Fills windows from the venue's candles while the feed already runs.
    private func fetchCandles() async throws {
        var candles: [InstrumentID: [Bar]] = [:]
        var wanted = start.wantedCandles
        for attempt in 0..<Self.candleAttempts where !wanted.isEmpty {
            if attempt > 0 { try await Task.sleep(for: .seconds(1 << attempt)) }
            var failed: [WarmStartOutcome.WantedCandles] = []
            for (index, item) in wanted.enumerated() {
                do {
                    candles[item.instrument, default: []] += try await feed.candles(
                        of: item.instrument,
                        timeframe: item.timeframe,
                        count: item.count
                    )
                } catch {
                    try Task.checkCancellation()
                    logger.warning(
                        "the venue's candles could not be fetched",
                        metadata: ["venue": "\(feed.venue)", "timeframe": "\(item.timeframe)", "reason": "\(error)"]
                    )
                    // The others would fail for the same reason.
                    failed = Array(wanted[index...])
                    break
                }
            }
            wanted = failed
        }
        if candles.values.contains(where: { !$0.isEmpty }) { await take(loop.adopt(candles, from: index)) }
    }
}
