import MarketData
import TradeFeeds
import TradeStore

/// Brings files of trades or bars into a database, also while `serve` writes to it.
///
/// An import can be repeated: trades that are there stay as they are, and bars are built from what is on disk then.
public struct Importer: Sendable {
    /// What is being done, and the share of it that is.
    public enum Progress: Sendable {
        /// The file is read for the first time.
        case reading(Double)
        /// Its rows are written; so many so far.
        case writing(Double, rows: Int)
        /// Bars are built from trades.
        case building(Double)
    }

    private let settings: ImportSettings
    private let onProgress: @Sendable (Progress) -> Void

    /// An importer that has not opened anything yet.
    public init(settings: ImportSettings, onProgress: @escaping @Sendable (Progress) -> Void = { _ in }) {
        self.settings = settings
        self.onProgress = onProgress
    }

    /// Imports one file.
    /// - Throws: ``ReplayError`` when the file cannot be used, ``StoreError`` when the database cannot.
    public func run(_ path: String) async throws -> ImportSummary {
        var summary = ImportSummary(path: path)
        summary.isVerified = try ChecksumFile.verify(path)
        if BarFile.isBars(path) {
            try await importBars(path, &summary)
        } else {
            try await importTrades(path, &summary)
        }
        return summary
    }

    /// Lets retention take what was imported from files of these names, or from all when nil.
    /// - Returns: how many imports that were.
    public func forget(_ sources: [String]?) async throws -> Int {
        let store = try open(StreamTable([]))
        return try await closing(store) { try await store.forgetImports(from: sources?.map(Self.name)) }
    }

    private func open(_ streams: StreamTable) throws(StoreError) -> SQLiteTradeStore {
        try SQLiteTradeStore(
            path: settings.path,
            synchronous: settings.synchronous,
            streams: streams,
            access: .shared
        )
    }

    private func closing<Value>(
        _ store: SQLiteTradeStore,
        _ body: () async throws -> Value
    ) async throws -> Value {
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        try await store.close()
        return try result.get()
    }

    private static func name(_ path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }

    private func importTrades(_ path: String, _ summary: inout ImportSummary) async throws {
        let file = try TradeFile(path: path, naming: settings.naming) { onProgress(.reading($0)) }
        summary.isNumbered = file.isNumbered
        summary.faultCount = file.faultCount
        summary.faults = file.faults.map { .init(line: $0.line, problem: $0.reason.rawValue) }
        summary.trades = file.contents.reduce(0) { $0 + $1.trades }
        let store = try open(file.streams)
        summary = try await closing(store) { [summary] in
            var summary = summary
            if !file.isNumbered, try await store.isImported(checksum: file.checksum) {
                summary.wasImported = true
                return summary
            }
            for (index, range) in ranges(of: file).enumerated() {
                try await store.beginImport(range, of: InstrumentID(index))
            }
            summary.newTrades = try await write(file, to: store)
            for (index, content) in file.contents.enumerated() {
                let settlement = ImportSettlement(
                    store: store,
                    instrument: InstrumentID(index),
                    ids: content.ids,
                    times: content.times,
                    timeframes: settings.timeframes,
                    carryLimit: settings.carryLimit
                )
                let outcome = try await settlement.run { share in
                    onProgress(.building((Double(index) + share) / Double(file.contents.count)))
                }
                summary.bars += outcome.bars
                summary.missing += outcome.missing.map { .init(stream: content.stream, ids: $0) }
            }
            for (index, range) in ranges(of: file).enumerated() {
                try await store.completeImport(range, of: InstrumentID(index))
            }
            return summary
        }
    }

    private func ranges(of file: TradeFile) -> [ImportedRange] {
        file.contents.map { content in
            ImportedRange(
                instrument: content.stream.instrument,
                stream: content.stream.name,
                checksum: file.checksum,
                source: Self.name(file.path),
                ids: content.ids,
                times: content.times
            )
        }
    }

    private func write(_ file: TradeFile, to store: SQLiteTradeStore) async throws -> Int {
        var pace = TransactionPace()
        var new = 0
        var rows = 0
        try await file.read(batchSize: { pace.rows }) { records, share in
            var batch = StoreBatch()
            for record in records {
                guard let reason = record.discard else {
                    batch.trades.append(record)
                    continue
                }
                let hole = Hole(
                    instrument: record.instrument,
                    firstID: record.id,
                    lastID: record.id,
                    state: reason.holeState
                )
                batch.holeChanges.append(.put(hole))
            }
            new += try await pace.run(rows: records.count) { try await store.write(batch) }
            rows += records.count
            onProgress(.writing(share, rows: rows))
        }
        return new
    }

    private func importBars(_ path: String, _ summary: inout ImportSummary) async throws {
        let file = try BarFile(path: path, naming: settings.naming, timeframe: settings.timeframe)
        summary.faultCount = file.faultCount
        summary.faults = file.faults.map { .init(line: $0.line, problem: $0.problem) }
        let streams = StreamTable(file.instruments.map { TradeStream(instrument: $0, name: "bars") })
        let store = try open(streams)
        summary.bars = try await closing(store) {
            let ranges = Self.ranges(of: file)
            for (instrument, range) in ranges { try await store.beginImport(range, of: instrument) }
            var pace = TransactionPace()
            var written = 0
            var next = 0
            while next < file.bars.count {
                let bars = Array(file.bars[next..<min(file.bars.count, next + pace.rows)])
                next += bars.count
                written += try await pace.run(rows: bars.count) { try await store.addBars(bars) }
                onProgress(.writing(Double(next) / Double(file.bars.count), rows: next))
            }
            for (instrument, range) in ranges { try await store.completeImport(range, of: instrument) }
            return written
        }
    }

    private static func ranges(of file: BarFile) -> [(InstrumentID, ImportedRange)] {
        struct Key: Hashable {
            let instrument: InstrumentID
            let timeframe: Timeframe
        }
        return Dictionary(grouping: file.bars) { Key(instrument: $0.instrument, timeframe: $0.timeframe) }
            .compactMap { key, bars in
                guard let first = bars.map(\.slot).min(), let last = bars.map(\.slot).max() else { return nil }
                let range = ImportedRange(
                    instrument: file.instruments[Int(key.instrument.index)],
                    timeframe: key.timeframe,
                    checksum: file.checksum,
                    source: name(file.path),
                    times: key.timeframe.openTime(of: first)...key.timeframe.closeTime(of: last)
                )
                return (key.instrument, range)
            }
    }
}
