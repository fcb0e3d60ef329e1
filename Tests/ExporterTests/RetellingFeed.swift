import MarketData
import TradeFeeds

/// A feed of some trades that tells missing ones again, the newest first and few at a time, as venues do over REST.
struct RetellingFeed: TradeFeed {
    let trades: [Trade]
    /// What happens once the first half has been told, before the second.
    let pause: @Sendable () async throws -> Void
    let venue = Venue.binanceUSDM
    let counters = FeedCounters()

    func run(
        resuming positions: [InstrumentID: StreamPosition],
        missing: @escaping @Sendable () async -> [RepairRequest],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        for (index, trade) in trades.enumerated() {
            if index == trades.count / 2 { try await pause() }
            try await sink(.trades(TradeBatch(trades: [trade], receivedAt: trade.time)))
        }
        while let range = await missing().last {
            let ids = max(range.ids.lowerBound, range.ids.upperBound - 6)...range.ids.upperBound
            // The last answer holds a trade that is not asked for, too.
            let told = trades.filter { $0.instrument == range.instrument && (ids.contains($0.id) || $0.id == 1) }
            try await sink(.trades(TradeBatch(trades: told, receivedAt: told[0].time, isRepair: true)))
        }
    }
}
