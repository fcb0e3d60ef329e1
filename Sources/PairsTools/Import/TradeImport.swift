import MarketData
import TradeFeeds
import TradeFiles
import TradeStore

/// Writes the trades of one file.
struct TradeImport {
    let settings: ImportSettings
    let onProgress: @Sendable (ImportProgress) -> Void

    /// Writes the trades that the file has and the database does not.
    /// - Parameters:
    ///   - path: the file.
    ///   - number: its position among the files of the import.
    ///   - others: files of the same import that are written already.
    ///   - summary: receives the contents of the file.
    func write(
        _ path: String,
        number: Int,
        besides others: [WrittenFile],
        _ summary: inout ImportSummary
    ) async throws -> WrittenFile {
        let name = ImportSettings.name(path)
        let file = try TradeFile(path: path, naming: settings.naming, frames: .binance) { [onProgress] share in
            onProgress(ImportProgress(subject: name, phase: .reading, share: share))
        }
        summary.rows = file.rows
        summary.refused = file.refused
        summary.contents = file.contents.map { content in
            ImportSummary.Content(
                instrument: content.stream.instrument,
                stream: content.stream.name,
                times: content.times,
                rows: content.trades
            )
        }
        if !file.isNumbered, let content = file.contents.first(where: { $0.stream.isNumbered }) {
            throw ImportError.streamWithoutIDs(path: path, name: content.stream.name)
        }
        let (isSettled, counts) = try await settings.withStore(file.streams) { store in
            if !file.isNumbered, try await isImported(file, store) { return (true, [Count]()) }
            if others.contains(where: { $0.file.checksum == file.checksum && $0.file.contents == file.contents }) {
                return (true, [])
            }
            let filters = try await overlapFilters(file, store)
            let written = WrittenFile(number: number, file: file, isSettled: false)
            for (index, range) in written.ranges.enumerated() {
                try await store.beginImport(range, of: InstrumentID(index))
            }
            return (false, try await write(file, filters, to: store))
        }
        summary.wasImported = isSettled
        for (index, count) in counts.enumerated() {
            summary.contents[index].newRows = count.new
            summary.contents[index].otherRecords = count.others
        }
        return WrittenFile(number: number, file: file, isSettled: isSettled)
    }

    private func isImported(_ file: TradeFile, _ store: any ImportStore) async throws -> Bool {
        for index in file.contents.indices {
            let isImported = try await store.isImported(checksum: file.checksum, into: InstrumentID(index))
            guard isImported else { return false }
        }
        return true
    }

    /// For each content, a filter of the trades that other streams have on disk; nil where they have none of its time.
    private func overlapFilters(_ file: TradeFile, _ store: any ImportStore) async throws -> [OverlapFilter?] {
        var sources: [[TradeSource]] = []
        for (index, content) in file.contents.enumerated() {
            let found = try await store.tradeSources(of: InstrumentID(index), in: content.times)
                .filter { $0.name != content.stream.name }
            if content.stream.isNumbered, let other = found.first(where: \.isNumbered) {
                throw ImportError.otherStream(path: file.path, stream: content.stream, other: other.name)
            }
            sources.append(found)
        }
        var filters: [OverlapFilter?] = []
        for (index, content) in file.contents.enumerated() {
            guard !sources[index].isEmpty else {
                filters.append(nil)
                continue
            }
            let present = try await store.presentTrades(
                of: InstrumentID(index),
                in: sources[index],
                times: content.times
            )
            let isNumbered = content.stream.isNumbered
            filters.append(OverlapFilter(present, start: content.times.lowerBound, isNumbered: isNumbered))
        }
        return filters
    }

    /// The counts of the records of one content.
    private struct Count {
        /// Trades that were not on disk.
        var new = 0
        /// Records that are not market trades.
        var others = 0
    }

    /// Returns the counts of each content.
    private func write(
        _ file: TradeFile,
        _ filters: [OverlapFilter?],
        to store: any ImportStore
    ) async throws -> [Count] {
        var filters = filters
        var pace = TransactionPace()
        var counts = file.contents.map { _ in Count() }
        var rows = 0
        let name = ImportSettings.name(file.path)
        try await file.read(batchSize: { pace.rows }) { records, share in
            var batches = Batches(count: file.contents.count)
            for record in records {
                let isNumbered = file.contents[Int(record.instrument.index)].stream.isNumbered
                batches.add(record, isNumbered: isNumbered)
            }
            var outcomes: [OverlapFilter.Outcome] = []
            for index in file.contents.indices {
                counts[index].others += batches.others[index]
                var outcome = OverlapFilter.Outcome(trades: batches.trades[index])
                if let checked = try await filters[index]?.check(outcome.trades) { outcome = checked }
                outcomes.append(outcome)
            }
            try await put(outcomes, batches.gapChanges, &counts, &pace, store)
            rows += records.count
            onProgress(ImportProgress(subject: name, phase: .writing, share: share, rows: rows))
        }
        var rest: [OverlapFilter.Outcome] = []
        for index in file.contents.indices { rest.append(try await filters[index]?.finish() ?? .init()) }
        try await put(rest, rest.map { _ in [] }, &counts, &pace, store)
        return counts
    }

    /// Writes the trades of all contents in one transaction, because a file may have some hundred instruments.
    private func put(
        _ outcomes: [OverlapFilter.Outcome],
        _ gapChanges: [[IDGapChange]],
        _ counts: inout [Count],
        _ pace: inout TransactionPace,
        _ store: any ImportStore
    ) async throws {
        let batches = zip(outcomes, gapChanges).map { outcome, changes in
            ReplacingBatch(StoreBatch(trades: outcome.trades, gapChanges: changes), inPlaceOf: outcome.replaced)
        }
        let rows = batches.reduce(0) { $0 + $1.batch.recordCount + $1.replaced.count }
        guard rows > 0 else { return }
        let written = try await pace.run(rows: rows) { try await store.write(batches) }
        for (index, count) in written.enumerated() {
            counts[index].new += max(0, count - outcomes[index].replaced.count)
        }
    }

    /// The records of one read, by content.
    private struct Batches {
        var trades: [[Trade]]
        /// Gap changes for the ids of records that are not market trades, which need no repair.
        var gapChanges: [[IDGapChange]]
        /// How many records are not market trades.
        var others: [Int]

        init(count: Int) {
            trades = Array(repeating: [], count: count)
            gapChanges = Array(repeating: [], count: count)
            others = Array(repeating: 0, count: count)
        }

        mutating func add(_ record: Trade, isNumbered: Bool) {
            let index = Int(record.instrument.index)
            guard let reason = record.discard else {
                trades[index].append(record)
                return
            }
            others[index] += 1
            guard reason == .orderType, isNumbered else { return }
            let id = record.id
            let gap = IDGap(instrument: record.instrument, firstID: id, lastID: id, state: .discarded)
            gapChanges[index].append(.put(gap))
        }
    }
}

/// A file whose trades are on disk, and whose bars are still to be built.
struct WrittenFile {
    /// Its position among the files of the import.
    let number: Int
    let file: TradeFile
    /// Whether its bars were built before, because the same content has been imported.
    let isSettled: Bool

    /// The ids of each stream that retention does not remove.
    var ranges: [ImportedRange] {
        file.contents.map { content in
            ImportedRange(
                instrument: content.stream.instrument,
                stream: content.stream.name,
                checksum: file.checksum,
                source: ImportSettings.name(file.path),
                ids: content.ids,
                times: content.times
            )
        }
    }
}
