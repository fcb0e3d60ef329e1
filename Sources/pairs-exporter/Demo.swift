import ArgumentParser
import Exporter
import ExporterHTTP
import Foundation

/// The product on a simulated market.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run on a simulated market whose truth is known: nothing to configure.",
        usage: "pairs-exporter demo [options]",
        discussion: """
            Four instruments with known hedge ratios and half-lives trade in real time, with hours of history made at the \
            start. A volatility burst, a decoupling and a silent feed come again every fifteen minutes. The database is in a \
            temporary folder that is removed at the end.
            """
    )

    @Option(
        help: "What happens in the market: standard or none.",
        transform: { text in
            guard let episodes = DemoConfiguration.Episodes(rawValue: text) else {
                throw ValidationError("write standard or none")
            }
            return episodes
        }
    )
    var episodes = DemoConfiguration.Episodes.standard

    @Option(help: "Another seed makes another market of the same kind.")
    var seed: UInt32?

    @OptionGroup var web: WebOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await Failure.reported {
            let folder = FileManager.default.temporaryDirectory
                .appending(path: "pairs-exporter-demo-\(ProcessInfo.processInfo.processIdentifier)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let database = folder.appending(path: "pairs.sqlite").path
            let yaml = DemoConfiguration.yaml(database: database, seed: seed, episodes: episodes)
            let configuration = try Configuration(yaml: yaml, file: "demo")
            let options = try web.options()
            let program = ExporterProgram(configuration: configuration, options: options, logger: log.logger())
            try await program.runReportingFailures { address in
                let guide = DemoGuide(configuration: configuration, options: options, port: address.port)
                StandardOutput.write(guide.text + "\n")
            }
        }
    }
}
