import ArgumentParser
import Foundation
import MarketData
public import PairsTools

/// Writes trades, bars or readings as text.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write stored trades or bars, or the readings of the past.",
        usage: """
            pairs-exporter export trades | bars | readings
                           [--config.file PATH | --db PATH] [options]
            """,
        discussion: """
            Times are microseconds UTC; prices and quantities of trades are the exact text of the venue. Readings \
            are those of the configured pairs as each bar closed; a value that the exporter would not have shown then is \
            an empty cell, or null. --from and --to select trades by their time, bars by their opening, readings by the \
            close of their bar. An export of trades or bars can be imported.
            """
    )

    @Argument(help: "What to write.")
    var kind: HistoryExport.Kind

    @OptionGroup var history: HistoryOptions

    @Option(help: "The format of the output.")
    var format = RowFormat.csv

    @Option(
        name: .customLong("instrument"),
        help: ArgumentHelp("Only trades or bars of this instrument; repeatable.", valueName: "venue:SYMBOL"),
        transform: Instrument.argument
    )
    var instruments: [Instrument] = []

    @Option(
        name: .customLong("timeframe"),
        help: ArgumentHelp("Only bars or readings of this bar length; repeatable.", valueName: "1m"),
        transform: Timeframe.argument
    )
    var timeframes: [Timeframe] = []

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp(
            """
            Further columns of readings: prices (closes of both legs), signals (1 or 0), reasons (why a cell is empty). \
            Several have commas between.
            """,
            valueName: "columns"
        ),
        transform: ReadingAddition.argument
    )
    var additions: [[ReadingAddition]] = []

    @Flag(
        inversion: .prefixedNo,
        help: """
            Write the parameters before the rows: comments (#) in CSV, which has them by default; an object in NDJSON, \
            which has none by default.
            """
    )
    var parameters: Bool?

    func validate() throws {
        if kind == .readings, !instruments.isEmpty {
            throw ValidationError("--instrument is for trades and bars; readings are those of the configured pairs")
        }
        if kind == .trades, !timeframes.isEmpty {
            throw ValidationError("--timeframe is for bars and readings; trades have no bar length")
        }
        if kind != .readings, !additions.isEmpty {
            throw ValidationError("--with is for readings; \(kind.rawValue) have all their columns")
        }
    }

    func run() async throws {
        try await reportingHistoryFailures {
            let settings = try history.settings()
            let export = HistoryExport(
                kind,
                as: format,
                settings: settings,
                instruments: instruments,
                timeframes: timeframes,
                additions: Set(additions.joined()),
                hasParameters: parameters
            )
            let outcome = try await history.write(database: settings.path) { try await export.run($0) }
            for absence in outcome.absences { StandardError.write("\(absence)\n") }
            StandardError.write("\(outcome.rows) rows\n")
        }
    }
}

extension ReadingAddition {
    /// Reads the value of an option: names separated by commas.
    @Sendable fileprivate static func argument(_ text: String) throws -> [ReadingAddition] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            guard let addition = ReadingAddition(rawValue: name.trimmingCharacters(in: .whitespaces)) else {
                let known = allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("\"\(name)\" is not among \(known)")
            }
            return addition
        }
    }
}

extension HistoryExport.Kind: ExpressibleByArgument {}
extension RowFormat: ExpressibleByArgument {}
