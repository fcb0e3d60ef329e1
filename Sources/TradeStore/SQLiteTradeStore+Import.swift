import GRDB
public import MarketData

/// Importing beside the process that holds the database, and noticing that others have imported.
extension SQLiteTradeStore {
    /// Whether an import of this content has been completed.
    public func isImported(checksum: String) async throws -> Bool {
        try await reading { db in try ImportTable.isComplete(checksum: checksum, in: db) }
    }

    /// Notes what is about to be imported, so that retention spares it from its first row on.
    public func beginImport(_ range: ImportedRange, of instrument: InstrumentID) async throws {
        try await note(range, of: instrument, isComplete: false)
    }

    /// Notes that an import is complete, so that other processes see it. States that a running exporter has written since
    /// the first bars were imported do not know of them, and go.
    public func completeImport(_ range: ImportedRange, of instrument: InstrumentID) async throws {
        try await note(range, of: instrument, isComplete: true)
    }

    /// Lets retention take what was imported from these sources, or from all when nil.
    /// - Returns: how many imports there were.
    public func forgetImports(from sources: [String]?) async throws -> Int {
        try await writing { db in try ImportTable.forget(sources, in: db) }
    }

    /// What other processes have imported for the streams of this run since a revision.
    /// - Returns: the revision to ask from next time, and the time that each import spans.
    public func imports(
        after revision: Int64
    ) async throws -> (revision: Int64, imports: [(instrument: InstrumentID, times: ClosedRange<Timestamp>)]) {
        let found = try await reading { db in try ImportTable.completed(after: revision, in: db) }
        let known = Dictionary(
            streams.ids.map { (numbers.instrument($0), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        return (
            found.revision,
            found.imports.compactMap { entry in known[entry.instrument].map { ($0, entry.times) } }
        )
    }

    /// Trades of a stream with ids of a range, the first ones by ascending id.
    public func trades(of instrument: InstrumentID, ids: ClosedRange<Int64>, limit: Int) async throws -> [Trade] {
        let stream = numbers.stream(instrument)
        return try await reading { db in
            try TradeTable.trades(instrument, stream: stream, ids: ids, limit: limit, in: db)
        }
    }

    /// The last trade before an id.
    public func trade(of instrument: InstrumentID, before id: Int64) async throws -> Trade? {
        guard id > 0 else { return nil }
        let keys =
            TradeKey.key(
                stream: numbers.stream(instrument),
                id: 0
            )...TradeKey.key(
                stream: numbers.stream(instrument),
                id: id - 1
            )
        return try await reading { db in
            var last: Trade?
            try TradeTable.scan(instrument, keys: keys, isAscending: false, in: db) { trade in
                last = trade
                return false
            }
            return last
        }
    }

    /// The least id below a bound from which on trades of a moment or later lie, nil when there are none.
    public func firstID(of instrument: InstrumentID, from time: Timestamp, below bound: Int64) async throws -> Int64? {
        let stream = numbers.stream(instrument)
        return try await reading { db in
            try TradeTable.firstID(stream: stream, from: time, below: bound, slack: Self.slack, in: db)
        }
    }

    /// The holes of a stream that overlap a range of ids, in any state, by ascending id.
    public func holes(of instrument: InstrumentID, overlapping ids: ClosedRange<Int64>) async throws -> [Hole] {
        let stream = numbers.stream(instrument)
        return try await reading { db in
            try HoleTable.holes(instrument, stream: stream, overlapping: ids, in: db)
        }
    }

    /// Writes bars that were built again; a gap does not replace a bar of the venue. States of readings
    /// that have seen one of them go.
    public func replaceBars(_ bars: [Bar]) async throws {
        try await writing { [numbers] db in
            let written = try bars.filter { bar in
                try bar.prices != nil || !BarTable.hasValue(bar, .klines, numbers: numbers, in: db)
            }
            try BarTable.put(written, numbers: numbers, in: db)
            try ReadingStateTable.invalidate(written, numbers: numbers, in: db)
        }
    }

    /// Writes bars that were not built from trades; those that were stay. States of readings that have seen one of them
    /// go.
    /// - Returns: how many were written.
    public func addBars(_ bars: [Bar]) async throws -> Int {
        try await writing { [numbers] db in
            let written = try bars.filter { try !BarTable.hasValue($0, .trades, numbers: numbers, in: db) }
            try BarTable.put(written, numbers: numbers, in: db)
            try ReadingStateTable.invalidate(written, numbers: numbers, in: db)
            return written.count
        }
    }

    private func note(_ range: ImportedRange, of instrument: InstrumentID, isComplete: Bool) async throws {
        let stream = range.stream == nil ? 0 : numbers.stream(instrument)
        let number = numbers.instrument(instrument)
        try await writing { db in
            try ImportTable.put(range, instrument: number, stream: stream, isComplete: isComplete, in: db)
            if isComplete { try ReadingStateTable.invalidate(instrument: number, from: range.times.lowerBound, in: db) }
        }
    }
}
