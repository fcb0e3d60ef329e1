import ArgumentParser
import Exporter
import Foundation
import MarketData

/// Which database and which part of its history.
struct HistoryOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOptions

    @Option(help: ArgumentHelp("Database, in place of the configuration's.", valueName: "path"))
    var db: String?

    @Option(help: ArgumentHelp("First moment: 2024-08-09, 2024-08-09T00:00:00Z or Unix seconds.", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Last moment, written likewise.", valueName: "time"))
    var to: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("File to write; stdout without one.", valueName: "file"))
    var output: String?

    func validate() throws {
        let (start, end) = (try Self.time(from, "--from"), try Self.time(to, "--to"))
        if let start, let end, start > end { throw ValidationError("--from must not be after --to") }
    }

    func settings() throws -> HistorySettings {
        HistorySettings(
            try configuration.load(),
            path: db,
            from: try Self.time(from, "--from"),
            through: try Self.time(to, "--to")
        )
    }

    /// Writes to the file or to stdout; what was written of a file before a failure is taken away.
    func write<Value>(_ body: ((Data) throws -> Void) async throws -> Value) async throws -> Value {
        guard let output else { return try await body { try FileHandle.standardOutput.write(contentsOf: $0) } }
        guard FileManager.default.createFile(atPath: output, contents: nil),
            let file = FileHandle(forWritingAtPath: output)
        else { throw Failure("\(output): cannot be written; check the folder and its permissions", status: .failure) }
        do {
            let value = try await body { try file.write(contentsOf: $0) }
            try file.close()
            return value
        } catch {
            try? FileManager.default.removeItem(atPath: output)
            throw error
        }
    }

    /// Reads a moment; nil for none.
    static func time(_ text: String?, _ option: String) throws -> Timestamp? {
        guard let text else { return nil }
        if let seconds = Double(text), seconds.isFinite, abs(seconds) < 4e9 {
            return Timestamp(microseconds: Int64((seconds * 1e6).rounded()))
        }
        let full = text.contains("T") ? text : text + "T00:00:00Z"
        for options: ISO8601DateFormatter.Options in [[], .withFractionalSeconds] {
            let formatter = ISO8601DateFormatter()
            formatter.formatOptions.formUnion(options)
            if let date = formatter.date(from: full) {
                return Timestamp(microseconds: Int64((date.timeIntervalSince1970 * 1e6).rounded()))
            }
        }
        throw ValidationError("\(option) must be a date, a time such as 2024-08-09T00:00:00Z, or Unix seconds")
    }
}
