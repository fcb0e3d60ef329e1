import MarketData
import TradeFiles
import TradeStore

/// Imports files of trades or bars into a database, also while `serve` writes to it.
///
/// All files are written before bars are built from all trades on disk, so that the bars do not depend on the files or
/// their order. An import can be repeated: trades that are on disk do not change.
package struct Importer: Sendable {
    private let settings: ImportSettings
    private let onProgress: @Sendable (ImportProgress) -> Void

    /// An importer that has not opened anything yet.
    package init(settings: ImportSettings, onProgress: @escaping @Sendable (ImportProgress) -> Void = { _ in }) {
        self.settings = settings
        self.onProgress = onProgress
    }

    /// Imports files; one that cannot be used does not prevent the others.
    /// - Returns: the outcome of each.
    /// - Throws: ``StoreError`` when the database cannot be used.
    package func run(_ paths: [String]) async throws -> [ImportOutcome] {
        var summaries = paths.map { ImportSummary(path: $0) }
        var failures: [Int: any Error] = [:]
        var files: [WrittenFile] = []
        let areBars = paths.map(BarFile.isBars)
        // The last connection that closes moves the complete log into the database, which is slow for each of many
        // files.
        var opened: (any ImportStore)?
        for (index, path) in paths.enumerated() {
            do {
                try checkOptions(path, areBars)
                summaries[index].isVerified = try ChecksumFile.verify(path)
                if areBars[index] {
                    try await BarImport(settings: settings, onProgress: onProgress).write(path, &summaries[index])
                } else {
                    let writer = TradeImport(settings: settings, onProgress: onProgress)
                    files.append(try await writer.write(path, number: index, besides: files, &summaries[index]))
                }
                if opened == nil { opened = try settings.store(StreamTable([])) }
            } catch let error as ReplayError {
                failures[index] = error
            } catch let error as ImportError {
                failures[index] = error
            }
        }
        try await ImportSettlement(settings: settings, files: files, onProgress: onProgress).run(&summaries)
        try await opened?.close()
        return zip(paths, summaries).enumerated().map { index, file in
            ImportOutcome(path: file.0, result: failures[index].map(Result.failure) ?? .success(file.1))
        }
    }

    /// Refuses options that would be ignored: a length of bars where no file has bars, a stream where none has trades.
    private func checkOptions(_ path: String, _ areBars: [Bool]) throws(ImportError) {
        if settings.timeframe != nil, !areBars.contains(true) {
            throw .ignoredOption(path: path, "--timeframe", "trades")
        }
        if settings.naming.stream != nil, !areBars.contains(false) {
            throw .ignoredOption(path: path, "--stream", "bars")
        }
    }

    /// Imports one file.
    /// - Throws: `ReplayError` or ``ImportError`` when the file cannot be used, ``StoreError`` when the database
    ///   cannot.
    package func run(_ path: String) async throws -> ImportSummary {
        try await run([path])[0].result.get()
    }

    /// Permits retention to remove what was imported from files of these names, or from all when nil.
    /// - Returns: the number of these imports.
    package func forget(_ sources: [String]?) async throws -> Int {
        try await settings.withStore(StreamTable([])) { store in
            try await store.forgetImports(from: sources?.map(ImportSettings.name))
        }
    }
}

/// How far an import has come.
package struct ImportProgress: Sendable {
    /// What is being done.
    package enum Phase: String, Sendable {
        /// A file is read for the first time.
        case reading
        /// Its rows are written.
        case writing
        /// Bars are built from trades.
        case building = "building bars"
    }

    /// The file, or the instrument whose bars are built.
    package var subject: String
    /// What is being done.
    package var phase: Phase
    /// The share of it that is done.
    package var share: Double
    /// How many rows have been written; nil where none are.
    package var rows: Int?
}
