import ArgumentParser
import Exporter
import Logging

/// The main job.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow the configured feeds and serve metrics.",
        usage: "pairs-exporter [serve] [--config.file PATH] [options]"
    )

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var web: WebOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await Failure.reported {
            let logger = log.logger()
            let configuration = try configuration.load()
            let options = try web.options()
            logger.info(
                "Starting pairs-exporter",
                metadata: ["version": "\(BuildInformation.version)", "pairs": "\(configuration.pairs.count)"]
            )
            let program = ExporterProgram(configuration: configuration, options: options, logger: logger)
            try await program.runReportingFailures()
        }
    }
}
