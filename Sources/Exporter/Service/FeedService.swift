import Logging
import MarketData
import ServiceLifecycle
import TradeFeeds
import TradeStore

/// One feed at work: its events go to the market loop, what follows from them to the store and the tests.
struct FeedService: Service {
    let index: Int
    let feed: any TradeFeed
    let positions: [InstrumentID: StreamPosition]
    let loop: MarketLoop
    let writer: StoreWriter
    let tests: TestRunner
    let logger: Logger

    /// Runs until the service group shuts down. A source that ends, as files do, leaves its readings on show.
    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await feed.run(resuming: positions) { event in
                    let consequences = await loop.handle(event, from: index)
                    if !consequences.batch.isEmpty { await writer.enqueue(consequences.batch) }
                    tests.enqueue(consequences)
                }
                logger.info("The feed's source has ended", metadata: ["venue": "\(feed.venue)"])
            }
        } catch is CancellationError {
            return
        }
        try? await gracefulShutdown()
    }
}
