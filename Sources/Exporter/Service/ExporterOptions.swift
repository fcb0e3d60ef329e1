public import ExporterHTTP

/// The options of the command line beside the configuration.
public struct ExporterOptions: Sendable {
    /// Where HTTP is served, at least one address.
    public var listenAddresses: [ListenAddress]
    /// The path of the metrics.
    public var telemetryPath: String
    /// Where the routes begin, and the URL that leads there.
    public var routePrefix = RoutePrefix.none
    /// How many requests of a kind may be worked on at once, 0 for any number.
    public var maximumRequests = 40
    /// The file of encryption, users and headers; nil for plain HTTP for everybody.
    public var webConfigurationFile: String?
    /// Whether `/-/reload` may be used.
    public var isLifecycleEnabled = false
    /// How often to look whether the configuration file has changed; nil for never.
    public var autoReloadInterval: Duration?

    /// Options from their parts.
    public init(listenAddress: ListenAddress = ListenAddress(host: "", port: 10200), telemetryPath: String = "/metrics")
    {
        listenAddresses = [listenAddress]
        self.telemetryPath = telemetryPath
    }
}
