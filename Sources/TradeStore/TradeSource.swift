import GRDB
package import MarketData

/// The place of the trades of one stream that belong to a period.
package struct TradeSource: Sendable {
    /// The name of the stream.
    package let name: String
    /// The ranges of ids that contain them, ascending and disjoint. Trades of other times may lie there too.
    package let ids: [ClosedRange<Int64>]
    /// The periods of which imports have written all trades into the stream.
    package let importedTimes: [ClosedRange<Timestamp>]
    /// The number of the stream in the database.
    let stream: Int64
    /// The same ids as runs of keys, each with the first and the last time of all its trades.
    let runs: [TradeRun]

    /// Whether the trades of the source have ids of the venue.
    package var isNumbered: Bool { TradeStream.isNumbered(name) }

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
