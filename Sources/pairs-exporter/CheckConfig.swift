import ArgumentParser
import Exporter

/// Tells whether a configuration would be accepted.
struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Check a configuration file and say what it makes.",
        usage: "pairs-exporter check-config --config.file PATH",
        discussion: "Exit status: 0 valid, 64 not valid, with file, line and what would be right."
    )

    @OptionGroup var configuration: ConfigurationOptions

    func run() async throws {
        try await Failure.reported {
            let configuration = try configuration.load()
            StandardOutput.write(configuration.summary + "\n")
        }
    }
}
