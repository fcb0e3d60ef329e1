import MarketData
import Synchronization

extension MemoryTables {
    /// Up to `limit` trades of a range of ids, by ascending id.
    func trades(of stream: Int, ids: ClosedRange<Int64>, limit: Int) -> ArraySlice<Trade> {
        streams[stream].trades.elements(in: ids, by: \.id).prefix(max(0, limit))
    }

    /// The trades of a run.
    func trades(in run: TradeRun) -> ArraySlice<Trade> { trades(with: run.keys) }

    /// The trades of a range of keys of one stream.
    private func trades(with keys: ClosedRange<Int64>) -> ArraySlice<Trade> {
        let ids = TradeKey.id(keys.lowerBound)...TradeKey.id(keys.upperBound)
        return streams[Int(keys.lowerBound >> TradeKey.idBits)].trades.elements(in: ids, by: \.id)
    }

    /// A range of ids, extended to the trade before it and the trade after it.
    func neighbours(of ids: ClosedRange<Int64>, in stream: Int) -> ClosedRange<Int64> {
        let trades = streams[stream].trades
        let inside = trades.elements(in: ids, by: \.id)
        let lower = inside.startIndex > 0 ? trades[inside.startIndex - 1].id : ids.lowerBound
        let upper = inside.endIndex < trades.count ? trades[inside.endIndex].id : ids.upperBound
        return lower...upper
    }

    /// One source for each stream of an instrument that has trades of a period.
    func sources(of instrument: Int, in times: ClosedRange<Timestamp>) -> [TradeSource] {
        streams(of: instrument).compactMap { stream in
            let spans = spans(of: stream)
            let keys = spans.compactMap { span -> ClosedRange<Int64>? in
                let trades = trades(with: span.keys)
                guard let first = trades.first(where: { times.contains($0.time) }),
                    let last = trades.last(where: { times.contains($0.time) })
                else { return nil }
                return range(first.id...last.id, of: stream)
            }
            guard !keys.isEmpty else { return nil }
            return TradeSource(
                name: streams[stream].name,
                stream: Int64(stream),
                keys: keys.joined,
                importedTimes: spans.compactMap(\.times),
                runs: TradeRun.joined(spans.compactMap { run($0, of: stream) })
            )
        }
    }

    private func spans(of stream: Int) -> [TradeSpan] {
        let imported = imports.filter { $0.stream == stream }.map(\.range)
            .sorted { $0.ids.lowerBound < $1.ids.lowerBound }
            .map { range in
                TradeSpan(
                    stream: Int64(stream),
                    keys: self.range(range.ids, of: stream),
                    times: range.times.lowerBound.microseconds...range.times.upperBound.microseconds
                )
            }
        return TradeSpan.list(of: Int64(stream), imported: imported)
    }

    private func run(_ span: TradeSpan, of stream: Int) -> TradeRun? {
        if let times = span.times { return TradeRun(keys: span.keys, times: times) }
        let trades = trades(with: span.keys)
        guard let first = trades.first, let last = trades.last else { return nil }
        let times = (first.time.microseconds, last.time.microseconds)
        let keys = range(first.id...last.id, of: stream)
        return TradeRun(keys: keys, times: min(times.0, times.1)...max(times.0, times.1))
    }

    /// The keys of a range of ids.
    private func range(_ ids: ClosedRange<Int64>, of stream: Int) -> ClosedRange<Int64> {
        let stream = Int64(stream)
        return TradeKey.key(stream: stream, id: ids.lowerBound)...TradeKey.key(stream: stream, id: ids.upperBound)
    }

    /// The trades of several sources in the order of ``SortedTrades``; ids are positions, from 1.
    func sorted(_ sources: [TradeSource], times: ClosedRange<Timestamp>) -> [Trade] {
        var places: [(trade: Trade, rank: Int, place: Int64)] = []
        for source in sources {
            // Streams are numbered in the order of their first import.
            let place = source.isNumbered ? 0 : source.stream + 1
            for run in source.runs {
                for trade in trades(in: run) where times.contains(trade.time) {
                    let time = trade.time.microseconds
                    let rank = (run.times.lowerBound < time ? 0 : 2) + (run.times.upperBound == time ? 0 : 1)
                    places.append((trade, rank, rank == 3 ? 0 &- place : place))
                }
            }
        }
        // The last criterion is the order of streams and ids; the library does not promise that sorting is stable.
        return places.enumerated().sorted { one, other in
            let (first, second) = (one.element, other.element)
            return (first.trade.time, first.rank, first.place, one.offset)
                < (second.trade.time, second.rank, second.place, other.offset)
        }.enumerated().map { position, entry in
            var trade = entry.element.trade
            trade.id = Int64(position) + 1
            return trade
        }
    }
}

/// Sorted trades in memory.
struct MemorySortedTrades: SortedTrades {
    private let sorted: [Trade]

    /// - Parameter sorted: in their order; ids are positions, from 1.
    init(_ sorted: [Trade]) {
        self.sorted = sorted
    }

    /// Up to `limit` trades after a position.
    func trades(after position: Int64, limit: Int) async throws -> [Trade] {
        Array(sorted.dropFirst(Int(clamping: position)).prefix(max(0, limit)))
    }

    /// Does nothing: the memory is freed with this value.
    func remove() async throws {}
}

/// A copy of trades in memory.
final class MemoryPresentTrades: PresentTrades {
    let times: ClosedRange<Timestamp>?
    /// By ascending key.
    private let rows: Mutex<[Timestamp: [PresentTrade]]>

    init(_ rows: [PresentTrade]) {
        let times = rows.map(\.trade.time)
        self.times = times.min().flatMap { first in times.max().map { first...$0 } }
        self.rows = Mutex(
            Dictionary(grouping: rows, by: \.trade.time).mapValues { rows in
                var ascending: [PresentTrade] = []
                for row in rows { _ = ascending.insert(row, by: \.key, isReplacing: false) }
                return ascending
            }
        )
    }

    /// The trades of each time, by stream and id.
    func rows(at times: [Timestamp]) async throws -> [[PresentTrade]] {
        rows.withLock { rows in times.map { rows[$0] ?? [] } }
    }

    /// Removes trades from the copy.
    func remove(_ removed: [PresentTrade]) async throws {
        rows.withLock { rows in
            for row in removed { rows[row.trade.time]?.remove(row.key, by: \.key) }
        }
    }
}
