import MarketData
import ServiceLifecycle
import TradeStore

/// Removes trades and bars whose retention has passed, by the clock of their feed.
struct RetentionService: Service {
    private static let interval = Duration.seconds(60)

    let configuration: Configuration
    /// The instruments of each feed, in the order of the configuration's feeds.
    let instruments: [[InstrumentID]]
    let writer: StoreWriter
    let market: CurrentMarket

    func run() async {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: Self.interval)
                await prune()
            }
        }
    }

    private func prune() async {
        for (instruments, feed) in zip(instruments, market.view.board.latest.feeds) {
            guard let now = feed.now, !instruments.isEmpty else { continue }
            await writer.prune(
                instruments,
                tradesBefore: now - configuration.storage.tradesRetention,
                bars: configuration.timeframes.map { ($0, before: now - configuration.storage.retention(of: $0)) }
            )
        }
    }
}
