public import ArgumentParser
public import Exporter
import MarketData

/// Trades, bars or readings as text.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write stored trades or bars, or the readings of the past.",
        usage: """
            pairs-exporter export trades | bars | readings
                           [--config.file PATH | --db PATH] [options]
            """,
        discussion: """
            CSV begins with the parameters as comments (#), newline-delimited JSON with an object of them. Times are \
            microseconds UTC; prices and quantities of trades are text, to the letter of the venue. Readings are those of \
            the configured pairs as each bar closed. An export of trades or bars can be imported.
            """
    )

    @Argument(help: "What is written.")
    var kind: HistoryExport.Kind

    @OptionGroup var history: HistoryOptions

    @Option(help: "How it is written.")
    var format = RowFormat.csv

    @Option(
        name: .customLong("instrument"),
        help: ArgumentHelp("Only this instrument; repeatable.", valueName: "venue:SYMBOL"),
        transform: Instrument.argument
    )
    var instruments: [Instrument] = []

    @Option(
        name: .customLong("timeframe"),
        help: ArgumentHelp("Only bars of this length; repeatable.", valueName: "1m"),
        transform: Timeframe.argument
    )
    var timeframes: [Timeframe] = []

    func run() async throws {
        try await reportingHistoryFailures {
            let export = HistoryExport(
                kind,
                as: format,
                settings: try history.settings(),
                instruments: instruments,
                timeframes: timeframes
            )
            let rows = try await history.write { try await export.run($0) }
            StandardError.write("\(rows) rows\n")
        }
    }
}

extension HistoryExport.Kind: ExpressibleByArgument {}
extension RowFormat: ExpressibleByArgument {}
