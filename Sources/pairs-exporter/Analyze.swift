public import ArgumentParser
import MarketData
public import PairEngine
public import PairStatistics
import PairsApp
import PairsTools
import TradeStore

/// Diagnoses a pair or a series.
struct Analyze: AsyncParsableCommand {
    /// The format of the result.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
    }

    static let configuration = CommandConfiguration(
        abstract: "Diagnose a pair or a series from a table of prices or a database.",
        usage: """
            pairs-exporter analyze --csv FILE --y COLUMN --x COLUMN [options]
            pairs-exporter analyze --csv FILE --series COLUMN [options]
            pairs-exporter analyze --db PATH --y VENUE:SYMBOL --x VENUE:SYMBOL
                                   --timeframe 1m [options]
            """,
        discussion: """
            y is regressed on x with an intercept; the spread is the residual. A statistic that cannot be computed is \
            null, with its reason. Information, never trading advice.

            Rows are sorted by the column that is a time (date, time, timestamp, unix, ts ...); without one the last row \
            is the newest. Rows with a blank or NaN cell are left out and counted. A name is a column, a ticker of a \
            header with tickers, or a symbol of a table with a column of symbols.
            """
    )

    @Option(help: ArgumentHelp("Table with a header; plain, gzip, ZIP or xz; - is stdin.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("Database of the exporter; read-only.", valueName: "path"))
    var db: String?

    @Option(help: ArgumentHelp("The leg that is explained.", valueName: "column"))
    var y: String?

    @Option(help: ArgumentHelp("The leg that explains.", valueName: "column"))
    var x: String?

    @Option(help: ArgumentHelp("A single series to test.", valueName: "column"))
    var series: String?

    @Option(help: ArgumentHelp("Bar length, with --db.", valueName: "1m"), transform: Timeframe.argument)
    var timeframe: Timeframe?

    @Option(
        help: ArgumentHelp("Leave out bars that close later, with --db.", valueName: "time"),
        transform: Timestamp.argument
    )
    var to: Timestamp?

    @Option(help: ArgumentHelp("Use the newest rows only.", valueName: "rows"))
    var window: Int?

    @Option(help: "Logarithms or values as they are (default: log for a pair, level for a series).")
    var price: PriceScale?

    @Option(
        name: .customLong("config.file"),
        help: ArgumentHelp("Configuration with the price scale, tests and thresholds.", valueName: "path")
    )
    var configurationFile: String?

    @Option(
        name: .customLong("adf.regression"),
        help: ArgumentHelp("Deterministic terms of the ADF regression (default: c).", valueName: "terms")
    )
    var trend: TrendTerms?

    @Option(
        name: .customLong("adf.autolag"),
        help: ArgumentHelp("How the lags are chosen; none uses adf.maxlag (default: aic).", valueName: "method")
    )
    var lagSelection: LagSelection?

    @Option(name: .customLong("adf.maxlag"), help: ArgumentHelp("Greatest number of lags.", valueName: "lags"))
    var maximumLag: Int?

    @Flag(help: "Follow up past extremes of the z-score: how many reverted within the half-life?")
    var efficacy = false

    @Option(help: "The format of the result.")
    var format = Format.text

    func validate() throws {
        guard (csv == nil) != (db == nil) else { throw ValidationError("give either --csv or --db") }
        if series != nil {
            guard csv != nil, y == nil, x == nil else {
                throw ValidationError("--series goes with --csv and without --y and --x")
            }
        } else if y == nil || x == nil {
            throw ValidationError("give both --y and --x" + (csv == nil ? "" : ", or --series"))
        }
        guard (timeframe == nil) == (db == nil) else {
            throw ValidationError("--timeframe goes with --db, and --db needs it")
        }
        if to != nil, db == nil { throw ValidationError("--to goes with --db") }
        if efficacy, window == nil {
            throw ValidationError("--efficacy needs --window: extremes are found window by window")
        }
        if efficacy, series != nil { throw ValidationError("--efficacy goes with a pair") }
        if let window, window < 2 { throw ValidationError("--window must be at least 2") }
        if let maximumLag, maximumLag < 0 { throw ValidationError("--adf.maxlag must not be negative") }
    }

    func run() async throws {
        try await Failure.reported {
            let report = try await report(Analyzer(settings: try settings()))
            try StandardOutput.write(format == .json ? report.json : report.text)
        }
    }

    /// The settings of the given configuration, replaced by those on the command line where both exist.
    private func settings() throws -> AnalysisSettings {
        var settings = AnalysisSettings()
        if let configurationFile {
            do {
                let configuration = try ConfigurationSource(file: configurationFile).load()
                settings = AnalysisSettings(
                    configuration,
                    y: y.flatMap { Instrument($0) },
                    x: x.flatMap { Instrument($0) }
                )
            } catch {
                throw Failure(error, status: .validationFailure)
            }
        }
        settings.window = window
        settings.efficacy = efficacy
        if let price { settings.price = price }
        if let trend { settings.tests.trend = trend }
        if let lagSelection { settings.tests.lagSelection = lagSelection }
        settings.tests.maximumLag = maximumLag
        return settings
    }

    private func report(_ analyzer: Analyzer) async throws -> AnalysisReport {
        do {
            if let csv, let series { return try analyzer.series(csv: csv, column: series) }
            guard let y, let x else { throw ValidationError("give both --y and --x") }
            if let csv { return try analyzer.pair(csv: csv, y: y, x: x) }
            guard let db, let timeframe else { throw ValidationError("--timeframe goes with --db, and --db needs it") }
            guard let yInstrument = Instrument(y), let xInstrument = Instrument(x) else {
                throw ValidationError("--y and --x must be venue:SYMBOL, such as binance-usdm:ETHUSDT")
            }
            return try await analyzer.pair(
                database: db,
                y: yInstrument,
                x: xInstrument,
                timeframe: timeframe,
                through: to
            )
        } catch let error as AnalysisError {
            throw Failure(error, status: .validationFailure)
        } catch let error as StoreError {
            throw Failure(error, status: error.isMistake ? .validationFailure : .failure)
        }
    }
}

extension PriceScale: ExpressibleByArgument {}
extension TrendTerms: ExpressibleByArgument {}
extension LagSelection: ExpressibleByArgument {}

extension StoreError {
    /// Whether the command line names something that does not exist.
    fileprivate var isMistake: Bool {
        switch self {
        case .notFound, .unknownInstrument, .noBars, .notADatabase, .foreignDatabase: true
        default: false
        }
    }
}
