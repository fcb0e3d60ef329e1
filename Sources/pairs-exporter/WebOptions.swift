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

    func options() throws -> ExporterOptions {
        do {
            try ExporterServer.check(telemetryPath: telemetryPath)
            return ExporterOptions(
                listenAddress: try ListenAddress(parsing: listenAddress),
                telemetryPath: telemetryPath
            )
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
