import ArgumentParser
import ExporterHTTP
import PairsApp

/// How metrics are served.
struct WebOptions: ParsableArguments {
    @OptionGroup var listen: ListenOptions
    @OptionGroup var prefix: PrefixOptions

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
        help: ArgumentHelp("Requests of a kind worked on at once; 0 for no limit.", valueName: "count")
    )
    var maximumRequests = 40

    func validate() throws {
        if maximumRequests < 0 { throw ValidationError("--web.max-requests must not be negative") }
        do {
            try ExporterServer.check(telemetryPath: telemetryPath)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func options() throws -> ExporterOptions {
        var options = ExporterOptions(telemetryPath: telemetryPath)
        options.listenAddresses = try listen.parsed()
        options.routePrefix = try prefix.parsed()
        options.webConfigurationFile = configurationFile
        options.maximumRequests = maximumRequests
        return options
    }
}
