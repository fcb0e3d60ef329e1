import GRDB
package import MarketData

/// Where the trades of one stream lie that belong to a span of time.
package struct TradeSource: Sendable {
    /// The name of the stream.
    package let name: String
    /// The ids between which they lie, ascending and apart. Trades of other times may lie there too.
    package let ids: [ClosedRange<Int64>]
    /// The spans of time of which imports have brought all trades into the stream.
    package let importedTimes: [ClosedRange<Timestamp>]
    /// The number of the stream in the database.
    let stream: Int64
    /// The same ids as runs of keys, each with the first and the last moment of all its trades.
    let runs: [TradeRun]

    /// Whether the source numbers its trades.
    package var isNumbered: Bool { TradeStream.isNumbered(name) }

    /// One source for each stream of an instrument that has trades of a span of time.
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
                ids: keys.map { TradeKey.id($0.lowerBound)...TradeKey.id($0.upperBound) },
                importedTimes: importedTimes[stream, default: []].map {
                    Timestamp(microseconds: $0.lowerBound)...Timestamp(microseconds: $0.upperBound)
                },
                stream: stream,
                runs: keys.flatMap { range in runs[stream, default: []].compactMap { $0.clamped(to: range) } }
            )
        }
    }
}
