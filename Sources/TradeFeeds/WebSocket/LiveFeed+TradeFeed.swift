import MarketData

extension LiveFeed: TradeFeed {
    var venue: Venue { adapter.venue }

    func run(
        resuming positions: [InstrumentID: StreamPosition],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        try await run(into: sink)
    }
}
