import PairEngine
import PrometheusExposition

/// One row of the metric catalogue about pairs: a family and the field of a reading that fills it.
struct PairMetric: Sendable {
    static let labelNames = ["pair", "timeframe", "window"]

    let family: MetricFamily
    /// Whether `export: core` keeps it.
    let isCore: Bool
    /// Whether it describes the window itself, which stays true when the reading is stale.
    let outlivesStaleness: Bool
    let value: @Sendable (PairReading) -> Double?
    /// Why there is no value; called only where there is none.
    let reason: @Sendable (PairReading) -> UndefinedReason?

    init(
        _ name: String,
        unit: String? = nil,
        isCore: Bool = false,
        outlivesStaleness: Bool = false,
        help: String,
        reason: @escaping @Sendable (PairReading) -> UndefinedReason?,
        value: @escaping @Sendable (PairReading) -> Double?
    ) {
        family = MetricFamily(name, .gauge, unit: unit, help: help, labelNames: Self.labelNames)
        self.isCore = isCore
        self.outlivesStaleness = outlivesStaleness
        self.value = value
        self.reason = reason
    }
}
