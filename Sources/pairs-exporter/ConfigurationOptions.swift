import ArgumentParser
import Exporter
import Foundation

/// Which configuration holds.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config.file"),
        help: ArgumentHelp("Configuration file; without one, ETHUSDT and BTCUSDT at Binance.", valueName: "path")
    )
    var file: String?

    /// Reads the configuration; one that cannot be used ends the program with status 64.
    func load() throws -> Configuration {
        do {
            guard let file else { return try Configuration.standard() }
            return try Configuration(yaml: try Self.contents(of: file), file: file)
        } catch let error as ConfigurationError {
            throw Failure(error, status: .validationFailure)
        }
    }

    private static func contents(of file: String) throws -> String {
        do {
            return try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            let exists = FileManager.default.fileExists(atPath: file)
            let problem = exists ? "is not readable as UTF-8 text" : "does not exist"
            throw Failure("\(file): \(problem)", status: .validationFailure)
        }
    }
}
