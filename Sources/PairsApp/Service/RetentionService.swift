import MarketData
import ServiceLifecycle
import TradeFeeds
import TradeStore

/// Removes trades and bars whose retention has passed, by the clock of their feed, but no bar that windows are warmed
/// with.
struct RetentionService: Service {
    /// From the start to the first removal: by then the feeds have a clock.
    private static let delay = Duration.seconds(5)
    private static let interval = Duration.seconds(60)

    let configuration: Configuration
    let writer: StoreWriter
    let market: CurrentMarket

    func run() async {
        try? await cancelWhenGracefulShutdown {
            var clocks = configuration.feeds.map { _ in RetentionClock() }
            try await Task.sleep(for: Self.delay)
            while true {
                await prune(&clocks)
                try await Task.sleep(for: Self.interval)
            }
        }
    }

    private func prune(_ clocks: inout [RetentionClock]) async {
        let view = market.view
        for (index, (instruments, feed)) in zip(view.instruments, view.latestSnapshot.value.feeds).enumerated() {
            guard let time = feed.now, !instruments.isEmpty else { continue }
            let now = clocks[index].time(feed: time, wallClock: WallClock.now(), at: .now)
            await writer.prune(
                instruments,
                tradesBefore: now - configuration.storage.tradesRetention,
                // Bars of a timeframe that a reload has removed are still removed by age.
                bars: configuration.timeframes.map { ($0, before: now - view.configuration.barsRetention(of: $0)) }
            )
        }
    }
}
