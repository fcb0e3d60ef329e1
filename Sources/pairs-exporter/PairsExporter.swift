import ArgumentParser
import PairsApp

/// The command line.
struct PairsExporter: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: BuildInformation.name,
        abstract: "Watches pairs of assets for mean reversion, live, and serves what it finds to Prometheus.",
        version: BuildInformation.text,
        subcommands: [
            Serve.self, Demo.self, Analyze.self, Import.self, BackfillCommand.self, Export.self, CheckConfig.self,
            Healthcheck.self,
        ],
        defaultSubcommand: Serve.self
    )
}
