import ArgumentParser
import Exporter
import Foundation
import MarketData
import TradeFeeds
import TradeStore

/// Files into the database.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import trades or bars from files, also while serve is running.",
        usage: """
            pairs-exporter import [--config.file PATH | --db PATH] FILE... [options]
            pairs-exporter import [--config.file PATH | --db PATH] --forget [FILE...]
            """,
        discussion: """
            Takes Binance's public dumps (aggTrades and trades, with or without header; a FILE.CHECKSUM beside the file \
            is verified), trades as CSV or newline-delimited JSON, recorded frames, and bars as CSV; plain, gzip or ZIP. \
            Bars are built from what is on disk then. An import can be repeated. Ids that are missing are listed; a line \
            that cannot be read is named, and the rest imported. What was imported outlives its retention until it is \
            forgotten.
            """
    )

    @OptionGroup var database: DatabaseOptions

    @Option(help: ArgumentHelp("Venue of the files; needed where they do not tell it.", valueName: "name"))
    var venue: String?

    @Option(help: ArgumentHelp("Symbol of files that do not name one.", valueName: "symbol"))
    var symbol: String?

    @Option(help: ArgumentHelp("Stream of the trades, such as aggTrade or trade.", valueName: "name"))
    var stream: String?

    @Option(
        help: ArgumentHelp("Bar length of files of bars that do not tell it.", valueName: "1m"),
        transform: Timeframe.argument
    )
    var timeframe: Timeframe?

    @Flag(help: "Import nothing; let retention take what was imported from these files, or from all.")
    var forget = false

    @Argument(help: ArgumentHelp("Files to import.", valueName: "file"))
    var files: [String] = []

    func validate() throws {
        if files.isEmpty, !forget { throw ValidationError("name a file to import") }
        guard !forget else { return }
        for file in files where !FileManager.default.fileExists(atPath: file) {
            throw ValidationError("\(file): no such file")
        }
    }

    func run() async throws {
        try await Failure.reported {
            let (configuration, path) = try database.load()
            let settings = ImportSettings(
                configuration,
                path: path,
                naming: TradeFileNaming(venue: venue.map { Venue(rawValue: $0) }, symbol: symbol, stream: stream),
                timeframe: timeframe
            )
            do {
                if forget {
                    let count = try await Importer(settings: settings).forget(files.isEmpty ? nil : files)
                    StandardOutput.write("\(count) imports are left to retention\n")
                } else {
                    try await importFiles(settings)
                }
            } catch let error as StoreError {
                throw Failure(error, status: .failure)
            }
        }
    }

    /// A file that cannot be imported does not keep the others out.
    private func importFiles(_ settings: ImportSettings) async throws {
        var isComplete = true
        for file in files {
            let bar = ProgressBar(name: file)
            do {
                let summary = try await Importer(settings: settings) { bar.show($0) }.run(file)
                bar.clear()
                report(summary)
            } catch let error as ReplayError {
                bar.clear()
                isComplete = false
                StandardError.write("pairs-exporter: \(error)\n")
            }
        }
        if !isComplete { throw ExitCode.failure }
    }

    private func report(_ summary: ImportSummary) {
        for fault in summary.faults {
            StandardError.write("\(summary.path):\(fault.line): \(fault.problem); line not imported\n")
        }
        let unnamed = summary.faultCount - summary.faults.count
        if unnamed > 0 { StandardError.write("\(summary.path): \(unnamed) further lines not imported\n") }
        StandardOutput.write(summary.text)
    }
}
