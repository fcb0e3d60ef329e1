import ArgumentParser
import Exporter
import ExporterHTTP

/// Where metrics are served.
struct WebOptions: ParsableArguments {
    @Option(
        name: .customLong("web.listen-address"),
        help: ArgumentHelp("Address to serve HTTP on.", valueName: "host:port")
    )
    var listenAddress = ":10200"

    @Option(
        name: .customLong("web.telemetry-path"),
        help: ArgumentHelp("Path of the metrics.", valueName: "path")
    )
    var telemetryPath = "/metrics"

    @Option(
        name: .customLong("web.config.file"),
        help: ArgumentHelp("TLS, users and headers, as exporter-toolkit has them.", valueName: "path")
    )
    var configurationFile: String?

    @Option(
        name: .customLong("web.max-requests"),
        help: ArgumentHelp("Requests worked on at once; 0 for no limit.", valueName: "count")
    )
    var maximumRequests = 40

    func validate() throws {
        if maximumRequests < 0 { throw ValidationError("--web.max-requests must not be negative") }
    }

    func options() throws -> ExporterOptions {
        do {
            try ExporterServer.check(telemetryPath: telemetryPath)
            var options = ExporterOptions(
                listenAddress: try ListenAddress(parsing: listenAddress),
                telemetryPath: telemetryPath
            )
            options.webConfigurationFile = configurationFile
            options.maximumRequests = maximumRequests
            return options
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
