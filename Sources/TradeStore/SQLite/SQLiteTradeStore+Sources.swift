import GRDB
import MarketData

/// The trades of an instrument by time, in all streams of the database.
extension SQLiteTradeStore {
    /// The time of the last trade before a time, in any stream of the instrument; nil when there is none.
    func tradeTime(of instrument: InstrumentID, before time: Timestamp) async throws -> Timestamp? {
        try await nearest(.before, time, of: instrument)
    }

    /// The time of the first trade after a time, in any stream of the instrument; nil when there is none.
    func tradeTime(of instrument: InstrumentID, after time: Timestamp) async throws -> Timestamp? {
        try await nearest(.after, time, of: instrument)
    }

    private func nearest(
        _ direction: TradeSpans.Direction,
        _ time: Timestamp,
        of instrument: InstrumentID
    ) async throws -> Timestamp? {
        let number = numbers.instrument(instrument)
        return try await reading { db in
            try TradeSpans(instrument: number, in: db).nearest(direction, time.microseconds, in: db)
                .map(Timestamp.init(microseconds:))
        }
    }

    /// The sources of the trades of a period: one for each stream of the instrument that has some.
    func tradeSources(
        of instrument: InstrumentID,
        in times: ClosedRange<Timestamp>
    ) async throws -> [TradeSource] {
        let number = numbers.instrument(instrument)
        return try await reading { db in try TradeSource.list(instrument: number, in: times, db) }
    }

    /// A range of ids, extended to the trade before it and the trade after it.
    func neighbours(of ids: ClosedRange<Int64>, in source: TradeSource) async throws -> ClosedRange<Int64> {
        try await neighbours(of: ids, stream: source.stream)
    }

    /// A range of ids, extended to the trade before it and the trade after it.
    func neighbours(of ids: ClosedRange<Int64>, in stream: InstrumentID) async throws -> ClosedRange<Int64> {
        try await neighbours(of: ids, stream: numbers.stream(stream))
    }

    private func neighbours(of ids: ClosedRange<Int64>, stream: Int64) async throws -> ClosedRange<Int64> {
        let all = TradeKey.keys(of: stream)
        let keys = TradeKey.key(stream: stream, id: ids.lowerBound)...TradeKey.key(stream: stream, id: ids.upperBound)
        return try await reading { db in
            let lower =
                keys.lowerBound > all.lowerBound
                ? try TradeTable.neighbour(all.lowerBound...(keys.lowerBound - 1), isAscending: false, in: db) : nil
            let upper =
                keys.upperBound < all.upperBound
                ? try TradeTable.neighbour((keys.upperBound + 1)...all.upperBound, isAscending: true, in: db) : nil
            return (lower?.id ?? ids.lowerBound)...(upper?.id ?? ids.upperBound)
        }
    }

    /// Sorts the trades of several sources of an instrument.
    func sortedTrades(
        of instrument: InstrumentID,
        in sources: [TradeSource],
        times: ClosedRange<Timestamp>
    ) async throws -> any SortedTrades {
        try await SQLiteSortedTrades(of: instrument, in: sources, times: times, store: self)
    }

    /// Ids and times of the first trades of a range of ids.
    func idsAndTimes(
        of source: TradeSource,
        ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [(id: Int64, time: Timestamp)] {
        try await reading { db in try TradeTable.idsAndTimes(stream: source.stream, ids: ids, limit: limit, in: db) }
    }

    /// Ids and times of the first trades of a range of ids.
    func idsAndTimes(
        of stream: InstrumentID,
        ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [(id: Int64, time: Timestamp)] {
        let stream = numbers.stream(stream)
        return try await reading { db in try TradeTable.idsAndTimes(stream: stream, ids: ids, limit: limit, in: db) }
    }

    /// The first trades of a range of ids, by ascending id.
    func trades(
        of instrument: InstrumentID,
        in source: TradeSource,
        ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [Trade] {
        try await reading { db in
            try TradeTable.trades(instrument, stream: source.stream, ids: ids, limit: limit, in: db)
        }
    }

    /// The gaps of a source that overlap a range of ids, in any state, by ascending id.
    func gaps(
        of instrument: InstrumentID,
        in source: TradeSource,
        overlapping ids: ClosedRange<Int64>
    ) async throws -> [IDGap] {
        try await reading { db in
            try IDGapTable.gaps(instrument, stream: source.stream, overlapping: ids, in: db)
        }
    }
}
