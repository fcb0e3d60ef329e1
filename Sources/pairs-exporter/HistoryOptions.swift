import ArgumentParser
import Foundation
import MarketData
import PairsApp
import PairsTools
import TradeStore

/// The database and the period of its history.
struct HistoryOptions: ParsableArguments {
    @OptionGroup var database: DatabaseOptions

    @Option(
        help: ArgumentHelp(
            "First time: 2024-08-09 (its 00:00 UTC), 2024-08-09T12:30:00Z, or Unix seconds.",
            valueName: "time"
        ),
        transform: Timestamp.argument
    )
    var from: Timestamp?

    @Option(
        help: ArgumentHelp("Last time, in the same forms: a date is its 00:00 UTC.", valueName: "time"),
        transform: Timestamp.argument
    )
    var to: Timestamp?

    @Option(name: .shortAndLong, help: ArgumentHelp("File to write; stdout without one.", valueName: "file"))
    var output: String?

    func validate() throws {
        if let from, let to, from > to { throw ValidationError("--from must not be after --to") }
    }

    func settings() throws -> HistorySettings {
        let (configuration, path) = try database.load()
        let settings = HistorySettings(configuration, path: path, from: from, through: to)
        TemporaryFiles.keep(besideDatabase: settings.path)
        return settings
    }

    /// Writes to the file or to stdout. A file that exists is replaced once the new one is complete.
    /// - Throws: `OutputError`, or what `body` throws.
    func write<Value>(
        database: String,
        _ body: ((Data) throws -> Void) async throws -> Value
    ) async throws -> Value {
        guard let output else { return try await body { try StandardOutput.write($0) } }
        let file = try OutputFile(path: output, sparing: database)
        let value = try await body { try file.write($0) }
        try file.finish()
        return value
    }
}
