import ArgumentParser
import ExporterHTTP
import Foundation
import Logging
import PairsApp

/// Runs the exporter on a simulated market.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run on a simulated market whose truth is known: nothing to configure.",
        usage: "pairs-exporter demo [options]",
        discussion: """
            Four instruments with known hedge ratios and half-lives trade in real time, with hours of history made at the \
            start. A volatility burst, a decoupling and a silent feed repeat every fifteen minutes. The database is in a \
            temporary folder that is removed at the end.
            """
    )

    @Option(
        help: "The events in the market: standard or none.",
        transform: { text in
            guard let episodes = DemoConfiguration.Episodes(rawValue: text) else {
                throw ValidationError("write standard or none")
            }
            return episodes
        }
    )
    var episodes = DemoConfiguration.Episodes.standard

    @Option(help: "A different seed makes a different market of the same kind.")
    var seed: UInt32?

    @OptionGroup var web: WebOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await Failure.reported {
            let folder = try Self.newFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let database = folder + "/pairs.sqlite"
            let yaml = DemoConfiguration.yaml(database: database, seed: seed, episodes: episodes)
            let configuration = try Configuration(yaml: yaml, file: "demo")
            let options = try web.options()
            let logger = log.logger()
            let program = ExporterProgram(configuration: configuration, options: options, logger: logger)
            try await program.runReportingFailures { address in
                let guide = DemoGuide(configuration: configuration, options: options, port: address.port)
                Self.show(guide.text + "\n", logger)
            }
        }
    }

    /// A new folder for this user alone, with a name that other users cannot predict.
    private static func newFolder() throws -> String {
        let parent = FileManager.default.temporaryDirectory.path(percentEncoded: false)
        // mkdtemp(3) requires six X at the end, and replaces them so that the name is new.
        var path = Array((parent + "/pairs-exporter-demo-XXXXXX").utf8CString)
        guard mkdtemp(&path) != nil else {
            let reason = String(cString: strerror(errno))
            throw Failure("\(parent): cannot create a folder in it: \(reason); set TMPDIR to another", status: .failure)
        }
        return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes the guide on a separate thread: a terminal or a pipe that nobody reads must not stop the exporter.
    private static func show(_ guide: String, _ logger: Logger) {
        Thread.detachNewThread {
            do {
                try StandardOutput.write(guide)
            } catch {
                logger.info("the guide to the demo is not shown", metadata: ["reason": "\(error)"])
            }
        }
    }
}
