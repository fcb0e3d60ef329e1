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
        spans = streams.flatMap { stream in
            let imported = importedSpans[stream, default: []]
            let others = TradeKey.keys(of: stream).subtracting(imported.map(\.keys))
            return imported + others.map { TradeSpan(stream: stream, keys: $0, times: nil) }
        }
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
        return found.map { ($0.stream, Self.merged($0.keys)) }
    }

    /// The periods that imports have written, by stream.
    var importedTimes: [Int64: [ClosedRange<Int64>]] {
        Dictionary(grouping: spans, by: \.stream).mapValues { $0.compactMap(\.times) }
    }

    /// The trades of each stream in runs, ascending and disjoint: imports whose ids touch are one run, together with
    /// the adjacent trades of a feed.
    func runs(in db: Database) throws -> [Int64: [TradeRun]] {
        try Dictionary(grouping: spans, by: \.stream).mapValues { spans in
            try spans.compactMap { try run($0, in: db) }.sorted { $0.keys.lowerBound < $1.keys.lowerBound }
                .reduce(into: []) { runs, run in
                    if let last = runs.last, run.keys.lowerBound - 1 <= last.keys.upperBound {
                        runs[runs.count - 1] = last.joined(run)
                    } else {
                        runs.append(run)
                    }
                }
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

    private static func merged(_ ranges: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
        ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { merged, range in
            if let last = merged.last, range.lowerBound - 1 <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
    }
}

/// Trades of one stream whose keys lie in a range.
struct TradeSpan {
    /// The number of the stream.
    let stream: Int64
    let keys: ClosedRange<Int64>
    /// The earliest and the latest time as an import recorded them; these trades may be in any order. Nil for trades of
    /// a feed, which are nearly in the order of time.
    let times: ClosedRange<Int64>?
}

/// Trades whose keys follow each other.
struct TradeRun {
    let keys: ClosedRange<Int64>
    /// The first and the last time: of what was imported, otherwise of what is stored.
    let times: ClosedRange<Int64>

    /// Both runs as one.
    func joined(_ other: TradeRun) -> TradeRun {
        func joined(_ one: ClosedRange<Int64>, _ other: ClosedRange<Int64>) -> ClosedRange<Int64> {
            min(one.lowerBound, other.lowerBound)...max(one.upperBound, other.upperBound)
        }
        return TradeRun(keys: joined(keys, other.keys), times: joined(times, other.times))
    }

    /// The part of a run in a range of keys, with the times of the complete run; nil when there is none.
    func clamped(to range: ClosedRange<Int64>) -> TradeRun? {
        keys.overlaps(range) ? TradeRun(keys: keys.clamped(to: range), times: times) : nil
    }
}
