import GRDB
import MarketData

/// Imports beside the process that holds the database, and detects imports of other processes.
extension SQLiteTradeStore {
    /// Whether an import of this content into a stream has been completed.
    func isImported(checksum: String, into stream: InstrumentID) async throws -> Bool {
        let stream = numbers.stream(stream)
        return try await reading { db in try ImportTable.isComplete(checksum: checksum, stream: stream, in: db) }
    }

    /// Records an import before its first row, so that retention does not remove its rows.
    func beginImport(_ range: ImportedRange, of instrument: InstrumentID) async throws {
        try await record(range, of: instrument, isComplete: false)
    }

    /// Records that an import is complete, so that other processes detect it. Removes the states that a running
    /// exporter has written since the import began, because they do not include the imported bars.
    func completeImport(_ range: ImportedRange, of instrument: InstrumentID) async throws {
        try await record(range, of: instrument, isComplete: true)
    }

    /// Permits retention to remove what was imported from these sources, or from all when nil.
    /// - Returns: the number of imports.
    func forgetImports(from sources: [String]?) async throws -> Int {
        try await writing { db in try ImportTable.forget(sources, in: db) }
    }

    /// The imports of other processes into the streams of this run after a revision.
    /// - Returns: the revision for the next call, and the time that each import spans.
    func imports(
        after revision: Int64
    ) async throws -> (revision: Int64, imports: [(instrument: InstrumentID, times: ClosedRange<Timestamp>)]) {
        let found = try await reading { db in try ImportTable.completed(after: revision, in: db) }
        let known = Dictionary(
            numbers.ids.map { (numbers.instrument($0), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        return (
            found.revision,
            found.imports.compactMap { entry in known[entry.instrument].map { ($0, entry.times) } }
        )
    }

    /// Writes bars rebuilt from the trades on disk, and removes carried bars and gaps from slots for which no bar was
    /// built.
    func replaceBars(
        _ bars: [RebuiltBar],
        clearing slots: [(timeframe: Timeframe, slots: ClosedRange<Int64>)],
        of instrument: InstrumentID
    ) async throws {
        try await writing { [numbers] db in
            let written = try bars.filter { try BarTable.isReplaced(by: $0, numbers: numbers, in: db) }.map(\.bar)
            try BarTable.put(written, numbers: numbers, in: db)
            try ReadingStateTable.invalidate(written, numbers: numbers, in: db)
            let number = numbers.instrument(instrument)
            for (timeframe, slots) in slots {
                guard try BarTable.removeUntraded(number, timeframe: timeframe, slots: slots, in: db) > 0 else {
                    continue
                }
                let start = timeframe.openTime(of: slots.lowerBound)
                try ReadingStateTable.invalidate(instrument: number, from: start, in: db)
            }
        }
    }

    /// Writes bars that were not built from trades; bars on disk that were built from trades stay. States of readings
    /// that include one of the written bars are removed.
    /// - Returns: the bars that were written.
    func addBars(_ bars: [Bar]) async throws -> [Bar] {
        try await writing { [numbers] db in
            let written = try BarTable.add(bars, numbers: numbers, in: db)
            try ReadingStateTable.invalidate(written, numbers: numbers, in: db)
            return written
        }
    }

    private func record(_ range: ImportedRange, of instrument: InstrumentID, isComplete: Bool) async throws {
        let stream = range.stream == nil ? 0 : numbers.stream(instrument)
        let number = numbers.instrument(instrument)
        try await writing { db in
            try ImportTable.put(range, instrument: number, stream: stream, isComplete: isComplete, in: db)
            if isComplete { try ReadingStateTable.invalidate(instrument: number, from: range.times.lowerBound, in: db) }
        }
    }
}
