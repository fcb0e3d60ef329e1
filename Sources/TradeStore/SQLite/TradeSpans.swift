import GRDB
import MarketData

/// Finds the trades of an instrument by time, in all its streams.
///
/// The table is ordered by stream and id only. Trades of a feed are nearly in the order of time, so a binary search
/// finds a time; trades of an import may be in any order, but their earliest and latest times are recorded.
struct TradeSpans {
    /// The direction of a search in time.
    enum Direction {
        case before, after
    }

    private let spans: [TradeSpan]

    /// Reads the spans of the database.
    init(instrument: Int64, in db: Database) throws {
        let streams = try Int64.fetchAll(
            db,
            sql: "SELECT stream_id FROM stream WHERE instrument_id = ? ORDER BY stream_id",
            arguments: [instrument]
        )
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT stream_id, first_id, last_id, first_us, last_us FROM raw_import
                WHERE instrument_id = ? AND stream_id > 0 ORDER BY stream_id, first_id
                """,
            arguments: [instrument]
        )
        var importedSpans: [Int64: [TradeSpan]] = [:]
        for row in rows {
            let (stream, first): (Int64, Int64) = (row[0], row[1])
            let keys = TradeKey.key(stream: stream, id: first)...TradeKey.key(stream: stream, id: max(first, row[2]))
            importedSpans[stream, default: []]
                .append(TradeSpan(stream: stream, keys: keys, times: row[3]...max(row[3], row[4])))
        }
        spans = streams.flatMap { TradeSpan.list(of: $0, imported: importedSpans[$0, default: []]) }
    }

    /// The trade time nearest to `time` in one direction; nil when there is none.
    func nearest(_ direction: Direction, _ time: Int64, in db: Database) throws -> Int64? {
        // With this rank the nearest time has the greatest rank in both directions.
        func rank(_ time: Int64) -> Int64 { direction == .before ? time : 0 &- time }
        let limit = rank(time)
        var best: Int64?
        for span in spans where span.times == nil {
            guard let found = try TradeTable.nearest(direction, time, inOrder: span.keys, in: db) else { continue }
            best = max(best ?? .min, rank(found))
        }
        let imported = spans.compactMap { span -> (span: TradeSpan, edge: Int64, rank: Int64)? in
            guard let times = span.times else { return nil }
            let edges =
                direction == .before ? (times.lowerBound, times.upperBound) : (times.upperBound, times.lowerBound)
            return rank(edges.0) < limit ? (span, edges.1, min(rank(edges.1), limit - 1)) : nil
        }
        for (span, edge, greatest) in imported.sorted(by: { $0.rank > $1.rank }) {
            guard greatest > best ?? .min else { break }
            let found =
                try rank(edge) < limit && TradeTable.hasTrade(at: edge, atTheEdge: direction, of: span.keys, in: db)
                ? edge : TradeTable.nearest(direction, time, inAnyOrder: span.keys, in: db)
            if let found { best = max(best ?? .min, rank(found)) }
        }
        return best.map(rank)
    }

    /// The keys of the trades of a period: for each stream that has some, ascending disjoint ranges.
    func keys(of times: ClosedRange<Int64>, in db: Database) throws -> [(stream: Int64, keys: [ClosedRange<Int64>])] {
        var found: [(stream: Int64, keys: [ClosedRange<Int64>])] = []
        for span in spans {
            let keys: ClosedRange<Int64>?
            if let known = span.times {
                guard known.overlaps(times) else { continue }
                let isInside = known.lowerBound >= times.lowerBound && known.upperBound <= times.upperBound
                keys =
                    try isInside
                    ? TradeTable.keys(inUse: span.keys, in: db)
                    : TradeTable.keys(of: times, inAnyOrder: span.keys, in: db)
            } else {
                keys = try TradeTable.keys(of: times, inOrder: span.keys, in: db)
            }
            guard let keys else { continue }
            if found.last?.stream == span.stream {
                found[found.count - 1].keys.append(keys)
            } else {
                found.append((span.stream, [keys]))
            }
        }
        return found.map { ($0.stream, $0.keys.joined) }
    }

    /// The periods that imports have written, by stream.
    var importedTimes: [Int64: [ClosedRange<Int64>]] {
        Dictionary(grouping: spans, by: \.stream).mapValues { $0.compactMap(\.times) }
    }

    /// The trades of each stream in runs; see ``TradeRun/joined(_:)``.
    func runs(in db: Database) throws -> [Int64: [TradeRun]] {
        try Dictionary(grouping: spans, by: \.stream).mapValues { spans in
            TradeRun.joined(try spans.compactMap { try run($0, in: db) })
        }
    }

    private func run(_ span: TradeSpan, in db: Database) throws -> TradeRun? {
        if let times = span.times { return TradeRun(keys: span.keys, times: times) }
        guard let first = try TradeTable.neighbour(span.keys, isAscending: true, in: db),
            let last = try TradeTable.neighbour(span.keys, isAscending: false, in: db)
        else { return nil }
        let keys = TradeKey.key(stream: span.stream, id: first.id)...TradeKey.key(stream: span.stream, id: last.id)
        let times = (first.time.microseconds, last.time.microseconds)
        return TradeRun(keys: keys, times: min(times.0, times.1)...max(times.0, times.1))
    }
}

extension TradeSource {
    /// One source for each stream of an instrument that has trades of a period.
    static func list(instrument: Int64, in times: ClosedRange<Timestamp>, _ db: Database) throws -> [TradeSource] {
        let spans = try TradeSpans(instrument: instrument, in: db)
        let times = times.lowerBound.microseconds...times.upperBound.microseconds
        let found = try spans.keys(of: times, in: db)
        guard !found.isEmpty else { return [] }
        let importedTimes = spans.importedTimes
        let runs = try spans.runs(in: db)
        return try found.map { stream, keys in
            TradeSource(
                name: try String.fetchOne(
                    db,
                    sql: "SELECT name FROM stream WHERE stream_id = ?",
                    arguments: [stream]
                ) ?? "",
                stream: stream,
                keys: keys,
                importedTimes: importedTimes[stream, default: []],
                runs: runs[stream, default: []]
            )
        }
    }
}
