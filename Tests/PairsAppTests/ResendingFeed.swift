import MarketData
import TradeFeeds

/// A feed of some trades that sends missing ones again, the newest first and few at a time, as venues do over REST.
struct ResendingFeed: TradeFeed {
    let trades: [Trade]
    /// Runs after the first half has been sent and before the second.
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
            // The last answer also contains a trade that was not requested.
            let answer = trades.filter { $0.instrument == range.instrument && (ids.contains($0.id) || $0.id == 1) }
            try await sink(.trades(TradeBatch(trades: answer, receivedAt: answer[0].time, isRepair: true)))
        }
    }
}
