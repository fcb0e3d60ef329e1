package import ExporterHTTP

/// The options of the command line beside the configuration.
package struct ExporterOptions: Sendable {
    /// Where HTTP is served, at least one address.
    package var listenAddresses: [ListenAddress]
    /// The path of the metrics.
    package var telemetryPath: String
    /// The prefix of the routes, and the external URL.
    package var routePrefix = RoutePrefix.none
    /// How many requests of a kind may run at once, 0 for any number.
    package var maximumRequests = 40
    /// The file of encryption, users and headers; nil for plain HTTP without users.
    package var webConfigurationFile: String?
    /// Whether `/-/reload` may be used.
    package var isLifecycleEnabled = false
    /// How often to check whether the configuration file has changed; nil for never.
    package var autoReloadInterval: Duration?

    /// Options from their parts.
    package init(
        listenAddress: ListenAddress = ListenAddress(host: "", port: 10200),
        telemetryPath: String = "/metrics"
    ) {
        listenAddresses = [listenAddress]
        self.telemetryPath = telemetryPath
    }
}
