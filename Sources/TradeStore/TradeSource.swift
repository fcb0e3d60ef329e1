package import MarketData

/// The place of the trades of one stream that belong to a period.
package struct TradeSource: Sendable {
    /// The name of the stream.
    package let name: String
    /// The ranges of ids that contain them, ascending and disjoint. Trades of other times may lie there too.
    package let ids: [ClosedRange<Int64>]
    /// The periods of which imports have written all trades into the stream.
    package let importedTimes: [ClosedRange<Timestamp>]
    /// The number of the stream in the store.
    let stream: Int64
    /// The same ids as runs of keys, each with the first and the last time of all its trades.
    let runs: [TradeRun]

    /// A source from parts of a store.
    /// - Parameters:
    ///   - keys: the ranges of keys that contain the trades, ascending and disjoint.
    ///   - runs: all runs of the stream, see ``TradeRun/joined(_:)``.
    init(
        name: String,
        stream: Int64,
        keys: [ClosedRange<Int64>],
        importedTimes: [ClosedRange<Int64>],
        runs: [TradeRun]
    ) {
        self.name = name
        self.stream = stream
        ids = keys.map { TradeKey.id($0.lowerBound)...TradeKey.id($0.upperBound) }
        self.importedTimes = importedTimes.map {
            Timestamp(microseconds: $0.lowerBound)...Timestamp(microseconds: $0.upperBound)
        }
        self.runs = keys.flatMap { range in runs.compactMap { $0.clamped(to: range) } }
    }

    /// Whether the trades of the source have ids of the venue.
    package var isNumbered: Bool { TradeStream.isNumbered(name) }
}

/// Trades of one stream whose keys lie in a range.
struct TradeSpan {
    /// The number of the stream.
    let stream: Int64
    let keys: ClosedRange<Int64>
    /// The earliest and the latest time as an import recorded them; these trades may be in any order. Nil for trades of
    /// a feed, which are nearly in the order of time.
    let times: ClosedRange<Int64>?

    /// The spans of a stream: those that imports have written, and those in between.
    static func list(of stream: Int64, imported: [TradeSpan]) -> [TradeSpan] {
        let others = TradeKey.keys(of: stream).subtracting(imported.map(\.keys))
        return imported + others.map { TradeSpan(stream: stream, keys: $0, times: nil) }
    }
}

/// Trades whose keys follow each other.
struct TradeRun {
    let keys: ClosedRange<Int64>
    /// The first and the last time: of what was imported, otherwise of what is stored.
    let times: ClosedRange<Int64>

    /// The trades of a stream in runs, ascending and disjoint: imports whose ids touch are one run, together with the
    /// adjacent trades of a feed.
    static func joined(_ parts: [TradeRun]) -> [TradeRun] {
        parts.sorted { $0.keys.lowerBound < $1.keys.lowerBound }.reduce(into: []) { runs, run in
            if let last = runs.last, run.keys.lowerBound - 1 <= last.keys.upperBound {
                runs[runs.count - 1] = last.joined(run)
            } else {
                runs.append(run)
            }
        }
    }

    private func joined(_ other: TradeRun) -> TradeRun {
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

extension [ClosedRange<Int64>] {
    /// The same numbers in ascending ranges, joined where they touch.
    var joined: [ClosedRange<Int64>] {
        sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { joined, range in
            if let last = joined.last, range.lowerBound - 1 <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound...Swift.max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
    }
}
