/// The meaning of a family's samples.
package enum MetricKind: Sendable, Hashable, CaseIterable {
    /// A total that only rises while the process runs; its name ends in `_total`.
    case counter
    /// A value that may rise and fall.
    case gauge
    /// Observations counted in cumulative buckets, with their sum and number.
    case histogram
    /// A constant 1 with the information in its labels; its name ends in `_info`.
    ///
    /// Rendered as a gauge in every format, as client_golang does, so that metadata has the same name everywhere.
    case info

    /// The type name of the `# TYPE` line.
    var typeName: String {
        switch self {
        case .counter: "counter"
        case .gauge, .info: "gauge"
        case .histogram: "histogram"
        }
    }
}
