import GRDB
public import MarketData

/// Where the trades of one stream lie that belong to a span of time.
public struct TradeSource: Sendable {
    /// The name of the stream.
    public let name: String
    /// The ids between which they lie, ascending and apart. Trades of other times may lie there too.
    public let ids: [ClosedRange<Int64>]
    /// The spans of time of which imports have brought all trades into the stream.
    public let importedTimes: [ClosedRange<Timestamp>]
    /// The number of the stream in the database.
    let stream: Int64
    /// The first and the last moment of the stream: of what was imported, otherwise of what is stored.
    let times: ClosedRange<Int64>

    /// Whether the source numbers its trades.
    public var isNumbered: Bool { TradeStream.isNumbered(name) }

    /// The keys of ``ids``.
    var keys: [ClosedRange<Int64>] {
        ids.map { TradeKey.key(stream: stream, id: $0.lowerBound)...TradeKey.key(stream: stream, id: $0.upperBound) }
    }

    /// One source for each stream of an instrument that has trades of a span of time.
    static func list(instrument: Int64, in times: ClosedRange<Timestamp>, _ db: Database) throws -> [TradeSource] {
        let spans = try TradeSpans(instrument: instrument, in: db)
        let times = times.lowerBound.microseconds...times.upperBound.microseconds
        return try spans.keys(of: times, in: db).map { stream, keys in
            let imported = spans.importedTimes(of: stream)
            return TradeSource(
                name: try String.fetchOne(
                    db,
                    sql: "SELECT name FROM stream WHERE stream_id = ?",
                    arguments: [stream]
                ) ?? "",
                ids: keys.map { TradeKey.id($0.lowerBound)...TradeKey.id($0.upperBound) },
                importedTimes: imported.map {
                    Timestamp(microseconds: $0.lowerBound)...Timestamp(microseconds: $0.upperBound)
                },
                stream: stream,
                times: try Self.times(of: stream, imported: imported, in: db)
            )
        }
    }

    private static func times(
        of stream: Int64,
        imported: [ClosedRange<Int64>],
        in db: Database
    ) throws -> ClosedRange<Int64> {
        if let first = imported.map(\.lowerBound).min(), let last = imported.map(\.upperBound).max() {
            return first...last
        }
        let keys = TradeKey.keys(of: stream)
        let first = try TradeTable.neighbour(keys, isAscending: true, in: db)?.time.microseconds ?? 0
        let last = try TradeTable.neighbour(keys, isAscending: false, in: db)?.time.microseconds ?? 0
        return min(first, last)...max(first, last)
    }
}
