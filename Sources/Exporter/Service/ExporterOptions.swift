public import ExporterHTTP

/// What the command line says beside the configuration.
public struct ExporterOptions: Sendable {
    /// Where HTTP is served.
    public var listenAddress: ListenAddress
    /// The path of the metrics.
    public var telemetryPath: String

    /// Options from their parts.
    public init(listenAddress: ListenAddress, telemetryPath: String = "/metrics") {
        self.listenAddress = listenAddress
        self.telemetryPath = telemetryPath
    }
}
