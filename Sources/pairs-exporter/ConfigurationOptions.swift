import ArgumentParser
import PairsApp

/// The configuration file.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config.file"),
        help: ArgumentHelp("Configuration file; without one, ETHUSDT and BTCUSDT at Binance.", valueName: "path")
    )
    var file: String?

    var source: ConfigurationSource { ConfigurationSource(file: file) }

    /// Reads the configuration; if it is not valid the program ends with status 64.
    func load() throws -> Configuration {
        do {
            return try source.load()
        } catch {
            throw Failure(error, status: .validationFailure)
        }
    }
}
