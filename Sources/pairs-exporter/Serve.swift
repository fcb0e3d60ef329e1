import ArgumentParser
import Logging
import PairsApp

/// Follows the configured feeds and serves metrics.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow the configured feeds and serve metrics.",
        usage: "pairs-exporter [serve] [--config.file PATH] [options]"
    )

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var reload: ReloadOptions
    @OptionGroup var web: WebOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await Failure.reported {
            let logger = log.logger()
            let source = configuration.source
            let configuration = try configuration.load()
            var options = try web.options()
            reload.apply(to: &options)
            logger.info(
                "starting pairs-exporter",
                metadata: [
                    "version": "\(BuildInformation.version)", "pairs": .stringConvertible(configuration.pairs.count),
                ]
            )
            configuration.logPairsWithoutAlerts(to: logger)
            let program = ExporterProgram(
                configuration: configuration,
                source: source,
                options: options,
                logger: logger
            )
            try await program.runReportingFailures()
        }
    }
}
