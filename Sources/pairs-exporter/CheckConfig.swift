import ArgumentParser
import ExporterHTTP
import Logging
import PairsApp

/// Checks whether a configuration is accepted.
struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Check a configuration file and report what it configures.",
        usage: "pairs-exporter check-config --config.file PATH [--web.config.file PATH]",
        discussion: """
            The rules are those of a start and of a reload; named files and folders must exist. Exit status: 0 valid, \
            64 not valid, with file, line and what would be right.
            """
    )

    @OptionGroup var configuration: ConfigurationOptions

    @Option(
        name: .customLong("web.config.file"),
        help: ArgumentHelp("Check TLS, users and headers too.", valueName: "path")
    )
    var webConfigurationFile: String?

    func run() async throws {
        try await Failure.reported {
            let configuration = try configuration.load()
            let quiet = Logger(label: BuildInformation.name) { _ in SwiftLogNoOpLogHandler() }
            do {
                try configuration.checkSurroundings(logger: quiet)
                if let webConfigurationFile {
                    _ = try WebSecurity(WebConfiguration(file: webConfigurationFile))
                }
            } catch {
                throw Failure("\(error)", status: .validationFailure)
            }
            try StandardOutput.write(configuration.summary + "\n")
        }
    }
}
