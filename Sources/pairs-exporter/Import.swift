import ArgumentParser
import Foundation
import MarketData
import PairsApp
import PairsTools
import TradeFeeds
import TradeFiles
import TradeStore

/// Imports files into the database.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import trades or bars from files, also while serve is running.",
        usage: """
            pairs-exporter import [--config.file PATH | --db PATH] FILE... [options]
            pairs-exporter import [--config.file PATH | --db PATH] --forget [FILE...]
            """,
        discussion: """
            Reads trades as CSV, other tables or newline-delimited JSON, Binance's dumps (aggTrades and trades), recorded \
            frames, and bars; plain, gzip, ZIP or xz; - is standard input. A FILE.CHECKSUM beside a file is verified.

            Bars are built from all trades on disk in the order of time, whatever the files and their order, and those of \
            all instruments of a venue end at the last trade of the import. An import can be repeated: trades on disk stay \
            as they are. Missing ids are listed and become gaps.

            Rows that cannot be used are reported and left out; the status is then 1, unless --allow-refused is given. \
            Retention does not remove imported rows before import --forget.
            """
    )

    @OptionGroup var database: DatabaseOptions

    @Option(
        help: ArgumentHelp(
            "Venue of the files, such as binance-spot; needed where they do not state it.",
            valueName: "name"
        ),
        transform: Venue.argument
    )
    var venue: Venue?

    @Option(help: ArgumentHelp("Symbol of files that do not state one.", valueName: "symbol"))
    var symbol: String?

    @Option(help: ArgumentHelp("Stream of trades with ids, such as aggTrade or trade.", valueName: "name"))
    var stream: String?

    @Option(
        help: ArgumentHelp("Bar length of files of bars that do not state it.", valueName: "1m"),
        transform: Timeframe.argument
    )
    var timeframe: Timeframe?

    @Flag(help: "Exit with status 0 also when rows were refused.")
    var allowRefused = false

    @Flag(help: "Import nothing; permit retention to remove what was imported from these files, or from all.")
    var forget = false

    @Argument(help: ArgumentHelp("Files to import; - is standard input.", valueName: "file"))
    var files: [String] = []

    func validate() throws {
        if files.isEmpty, !forget { throw ValidationError("name a file to import") }
        guard !forget else { return }
        for file in files where file != "-" && !FileManager.default.fileExists(atPath: file) {
            throw ValidationError("\(file): no such file")
        }
        if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("name standard input (-) once") }
    }

    func run() async throws {
        try await Failure.reported {
            let (configuration, path) = try database.load()
            TemporaryFiles.keep(besideDatabase: path)
            let settings = ImportSettings(
                configuration,
                path: path,
                naming: TradeFileNaming(venue: venue, symbol: symbol, stream: stream),
                timeframe: timeframe
            )
            do {
                if forget {
                    let count = try await Importer(settings: settings).forget(files.isEmpty ? nil : files)
                    try StandardOutput.write("\(count) imports may be removed by retention\n")
                } else {
                    try await importFiles(settings)
                }
            } catch let error as StoreError {
                throw Failure(error, status: .failure)
            }
        }
    }

    private func importFiles(_ settings: ImportSettings) async throws {
        let bar = ProgressBar()
        let outcomes = try await Importer(settings: settings, onProgress: bar.show).run(files)
        bar.clear()
        var isComplete = true
        for outcome in outcomes {
            switch outcome.result {
            case .success(let summary):
                try report(summary)
                isComplete = isComplete && (allowRefused || summary.refused.count == 0)
            case .failure(let error):
                StandardError.write("pairs-exporter: \(error)\n")
                isComplete = false
            }
        }
        if !isComplete { throw ExitCode.failure }
    }

    /// Writes the first refused rows and all counts to stderr, the summary to stdout.
    private func report(_ summary: ImportSummary) throws(OutputError) {
        let refused = summary.refused
        for row in refused.first {
            StandardError.write("\(summary.path):\(row.line): \(row.problem); row refused\n")
        }
        if refused.count > 0 {
            StandardError.write("\(summary.path): rows refused: \(summary.refusedReasons)\n")
        }
        try StandardOutput.write(summary.text)
    }
}
