package import MarketData

extension MemoryTradeStore {
    /// The time of the last trade before a time, in any stream of the instrument.
    package func tradeTime(of instrument: InstrumentID, before time: Timestamp) async throws -> Timestamp? {
        try tradeTimes(of: instrument) { $0 < time }.max()
    }

    /// The time of the first trade after a time, in any stream of the instrument.
    package func tradeTime(of instrument: InstrumentID, after time: Timestamp) async throws -> Timestamp? {
        try tradeTimes(of: instrument) { $0 > time }.min()
    }

    private func tradeTimes(of instrument: InstrumentID, where isWanted: (Timestamp) -> Bool) throws -> [Timestamp] {
        try open { tables, numbers in
            tables.streams(of: numbers.instruments[Int(instrument.index)]).flatMap { stream in
                tables.streams[stream].trades.map(\.time).filter(isWanted)
            }
        }
    }

    /// The sources of the trades of a period.
    package func tradeSources(
        of instrument: InstrumentID,
        in times: ClosedRange<Timestamp>
    ) async throws -> [TradeSource] {
        try open { tables, numbers in tables.sources(of: numbers.instruments[Int(instrument.index)], in: times) }
    }

    /// A range of ids, extended to the trade before it and the trade after it.
    package func neighbours(of ids: ClosedRange<Int64>, in source: TradeSource) async throws -> ClosedRange<Int64> {
        try open { tables, _ in tables.neighbours(of: ids, in: Int(source.stream)) }
    }

    /// A range of ids, extended to the trade before it and the trade after it.
    package func neighbours(of ids: ClosedRange<Int64>, in stream: InstrumentID) async throws -> ClosedRange<Int64> {
        try open { tables, numbers in tables.neighbours(of: ids, in: numbers.streams[Int(stream.index)]) }
    }

    /// Ids and times of the first trades of a range of ids.
    package func idsAndTimes(
        of source: TradeSource,
        ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [(id: Int64, time: Timestamp)] {
        try open { tables, _ in
            tables.trades(of: Int(source.stream), ids: ids, limit: limit).map { ($0.id, $0.time) }
        }
    }

    /// Ids and times of the first trades of a range of ids.
    package func idsAndTimes(
        of stream: InstrumentID,
        ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [(id: Int64, time: Timestamp)] {
        try open { tables, numbers in
            tables.trades(of: numbers.streams[Int(stream.index)], ids: ids, limit: limit).map { ($0.id, $0.time) }
        }
    }

    /// The first trades of a range of ids, by ascending id.
    package func trades(
        of instrument: InstrumentID,
        in source: TradeSource,
        ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [Trade] {
        try open { tables, _ in
            tables.trades(of: Int(source.stream), ids: ids, limit: limit).map { $0.of(instrument) }
        }
    }

    /// The gaps of a source that overlap a range of ids.
    package func gaps(
        of instrument: InstrumentID,
        in source: TradeSource,
        overlapping ids: ClosedRange<Int64>
    ) async throws -> [IDGap] {
        try open { tables, _ in
            tables.gaps(of: Int(source.stream), overlapping: ids).map { $0.of(instrument) }
        }
    }

    /// Sorts the trades of several sources of an instrument.
    package func sortedTrades(
        of instrument: InstrumentID,
        in sources: [TradeSource],
        times: ClosedRange<Timestamp>
    ) async throws -> any SortedTrades {
        try open { tables, _ in MemorySortedTrades(tables.sorted(sources, times: times).map { $0.of(instrument) }) }
    }

    /// Copies the trades of a period.
    package func presentTrades(
        of instrument: InstrumentID,
        in sources: [TradeSource],
        times: ClosedRange<Timestamp>
    ) async throws -> any PresentTrades {
        try open { tables, _ in
            let rows = sources.flatMap { source in
                source.runs.flatMap { run in
                    tables.trades(in: run).filter { times.contains($0.time) }.map { trade in
                        PresentTrade(
                            trade: trade.of(instrument),
                            isAtStart: trade.time.microseconds == run.times.lowerBound,
                            key: TradeKey.key(stream: source.stream, id: trade.id)
                        )
                    }
                }
            }
            return MemoryPresentTrades(rows)
        }
    }

    /// Writes several batches in one transaction.
    package func write(_ batches: [ReplacingBatch]) async throws -> [Int] {
        try Task.checkCancellation()
        for trade in batches.lazy.flatMap(\.batch.trades) where !TradeKey.ids.contains(trade.id) {
            throw StoreError.idOutOfRange(stream: streams[trade.instrument], id: trade.id)
        }
        return try open { tables, numbers in
            batches.map { batch in
                for row in batch.replaced {
                    let stream = Int(row.key >> TradeKey.idBits)
                    tables.streams[stream].trades.remove(row.trade.id, by: \.id)
                }
                let new = batch.batch.trades.count {
                    tables.insert($0, into: numbers.streams[Int($0.instrument.index)])
                }
                for change in batch.batch.gapChanges {
                    tables.apply(change, to: numbers.streams[Int(change.instrument.index)])
                }
                return new
            }
        }
    }
}
