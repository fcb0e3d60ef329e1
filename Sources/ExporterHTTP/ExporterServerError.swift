/// Why the HTTP server cannot start.
package enum ExporterServerError: Error, Hashable, CustomStringConvertible {
    /// The telemetry path cannot be served.
    case invalidTelemetryPath(String)
    /// The server cannot listen on the address.
    case cannotListen(ListenAddress, reason: String)

    /// What happened and what would be right.
    package var description: String {
        switch self {
        case .invalidTelemetryPath(let path):
            "telemetry path \"\(path)\": must be an absolute path of letters, digits and -._~ such as /metrics, "
                + "and not one below /-/"
        case .cannotListen(let address, let reason):
            "cannot listen on \(address): \(reason)"
        }
    }
}
