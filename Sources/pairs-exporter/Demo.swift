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
            start. A decoupling, a volatility burst and a silent feed come round every ten minutes. The database lives in \
            a temporary folder and goes with the demo.
            """
    )

    @OptionGroup var web: WebOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await Failure.reported {
            let folder = FileManager.default.temporaryDirectory
                .appending(path: "pairs-exporter-demo-\(ProcessInfo.processInfo.processIdentifier)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let database = folder.appending(path: "pairs.sqlite").path
            let configuration = try Configuration(yaml: DemoConfiguration.yaml(database: database), file: "demo")
            let options = try web.options()
            let program = ExporterProgram(configuration: configuration, options: options, logger: log.logger())
            try await program.runReportingFailures { address in
                let guide = DemoGuide(configuration: configuration, options: options, port: address.port)
                StandardOutput.write(guide.text + "\n")
            }
        }
    }
}
