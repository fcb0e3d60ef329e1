import MarketData
import TradeStore

/// Whether ids follow the order of time and where some are missing, found before any bar is built.
struct TradeSurvey {
    /// The greatest distance in microseconds by which a trade may lie behind an earlier id.
    static let lateness: Int64 = 60_000_000
    private static let rowsPerRead = 100_000

    let store: any TradeSourceReader
    let instrument: InstrumentID
    /// Only gaps that overlap these times matter.
    let times: ClosedRange<Timestamp>

    /// Whether the order of ids is that of time.
    private(set) var isInOrder = true
    /// Between which times ids are missing, of all sources.
    private var missingTimes: [ClosedRange<Timestamp>] = []

    init(store: any TradeSourceReader, instrument: InstrumentID, times: ClosedRange<Timestamp>) {
        self.store = store
        self.instrument = instrument
        self.times = times
    }

    /// Where trades are missing, ascending and apart.
    var gaps: [ClosedRange<Timestamp>] { Self.merged(missingTimes) }

    /// Reads all trades of a source.
    /// - Parameter others: sources of the same instrument. Their imported trades are not missing.
    mutating func examine(_ source: TradeSource, besides others: [TradeSource]) async throws {
        var latest = Timestamp(microseconds: .min)
        var gaps: [ClosedRange<Timestamp>] = []
        for ids in source.ids {
            // Only the next trade after the edge shows that an id at the edge is missing.
            let span = source.isNumbered ? try await store.neighbours(of: ids, in: source) : ids
            var last: (id: Int64, time: Timestamp)?
            var next = span.lowerBound
            while next <= span.upperBound {
                let rows = try await store.idsAndTimes(of: source, ids: next...span.upperBound, limit: Self.rowsPerRead)
                guard let end = rows.last?.id else { break }
                var discarded: IDRuns?
                for row in rows {
                    if ids.contains(row.id) {
                        latest = max(latest, row.time)
                        if latest - row.time > Self.lateness { isInOrder = false }
                    }
                    defer { last = row }
                    guard source.isNumbered, let last, row.id > last.id + 1 else { continue }
                    let around = min(last.time, row.time)...max(last.time, row.time)
                    guard around.overlaps(times) else { continue }
                    if discarded == nil { discarded = try await discards(in: source, last.id...end) }
                    let ids = (last.id + 1)...(row.id - 1)
                    if let discarded, discarded.subtracted(from: ids).isEmpty { continue }
                    Self.append(around, to: &gaps)
                }
                next = end + 1
            }
        }
        missingTimes += Self.uncovered(Self.merged(gaps), by: Self.merged(others.flatMap(\.importedTimes)))
    }

    private func discards(in source: TradeSource, _ ids: ClosedRange<Int64>) async throws -> IDRuns {
        let gaps = try await store.gaps(of: instrument, in: source, overlapping: ids)
        return IDRuns(gaps.filter { $0.state == .discarded }.map { $0.firstID...$0.lastID })
    }

    /// The parts of gaps in which other sources do not have all trades. A short part is only the time between the last
    /// trade of one source and the first of the other.
    private static func uncovered(
        _ gaps: [ClosedRange<Timestamp>],
        by covers: [ClosedRange<Timestamp>]
    ) -> [ClosedRange<Timestamp>] {
        let covers = covers.map { $0.lowerBound.microseconds...$0.upperBound.microseconds }
        return gaps.flatMap { gap -> [ClosedRange<Timestamp>] in
            let all = gap.lowerBound.microseconds...gap.upperBound.microseconds
            let rest = all.subtracting(covers)
            guard rest != [all] else { return [gap] }
            return rest.filter { $0.upperBound - $0.lowerBound > lateness }
                .map { Timestamp(microseconds: $0.lowerBound)...Timestamp(microseconds: $0.upperBound) }
        }
    }

    private static func merged(_ ranges: [ClosedRange<Timestamp>]) -> [ClosedRange<Timestamp>] {
        ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { append($1, to: &$0) }
    }

    /// Adds a range, joined to the last one where they touch.
    private static func append(_ range: ClosedRange<Timestamp>, to ranges: inout [ClosedRange<Timestamp>]) {
        if let last = ranges.last, last.overlaps(range) {
            let start = min(last.lowerBound, range.lowerBound)
            ranges[ranges.count - 1] = start...max(last.upperBound, range.upperBound)
        } else {
            ranges.append(range)
        }
    }
}
