import MarketData

extension SQLiteReader {
    private static let sortedRowsPerRead = 20_000

    /// The instrument's trades of all its streams between two times, in the order of time, in batches; ids are
    /// positions in this order, from 1. The memory does not grow with the number of trades: see ``SortedTrades``.
    /// - Parameter body: receives a batch; ``Trade/instrument`` is 0.
    func sortedTrades(
        of instrument: Instrument,
        from start: Timestamp,
        through end: Timestamp,
        _ body: ([Trade]) async throws -> Void
    ) async throws {
        guard start <= end else { return }
        let isKnown = try await reading { db in
            guard let number = try Self.number(ofKnown: instrument, in: db) else { return false }
            let sources = try TradeSource.list(instrument: number, in: start...end, db)
            try SQLiteSortedTrades.sort(sources, times: start...end, in: db)
            return true
        }
        guard isKnown else { return }
        var position: Int64 = 0
        while true {
            let last = position
            let trades = try await reading { db in
                try SQLiteSortedTrades.trades(of: InstrumentID(0), after: last, limit: Self.sortedRowsPerRead, in: db)
            }
            guard let greatest = trades.last?.id else { break }
            try await body(trades)
            position = greatest
        }
        try await reading { db in try SQLiteSortedTrades.drop(in: db) }
    }
}
