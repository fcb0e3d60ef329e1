package import PairEngine
package import PrometheusExposition

/// One row of ``PairMetrics/table``: a family about pairs and how its samples follow from a reading.
///
/// A scrape, history, JSON, exports of readings, the README, and the estimate of series are made from these rows.
package struct PairMetric: Sendable {
    /// How the samples of one reading follow from it.
    package enum Value: Sendable {
        /// One series.
        case one(@Sendable (PairReading) -> Double?)
        /// One series for each of these sets of labels, which follow those of the reading; the closure has the position
        /// of a set.
        case each([LabelSet], @Sendable (PairReading, Int) -> Double?)
    }

    /// The labels of a reading.
    package static let labelNames = ["pair", "timeframe", "window"]

    /// Name, help and labels.
    package let family: MetricFamily
    /// Whether `export: core` keeps it.
    package let isCore: Bool
    /// Whether it describes the window itself, which stays true when the reading is stale.
    package let outlivesStaleness: Bool
    /// How it follows from a reading alone; nil where it depends on the present state of the program.
    package let value: Value?
    /// Why a reading has no value; called only where it has none.
    package let reason: @Sendable (PairReading) -> UndefinedReason?
    /// The most series of one reading or, where the labels are not those of a reading, of one pair.
    package let count: @Sendable (PairDescription) -> Int
    /// Writes all samples of a scrape, where they depend on more than a reading.
    let scrape: (@Sendable (PairScrape, inout SampleWriter) -> Void)?

    /// Whether there are series for each reading, not only for each pair.
    package var isOfReading: Bool { family.labelNames.starts(with: Self.labelNames) }

    /// The value of the row's only series; nil where there is none, or where the row has several series.
    package func singleValue(_ reading: PairReading) -> Double? {
        if case .one(let value) = value { value(reading) } else { nil }
    }

    /// A gauge with one series for each reading.
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
        self.value = .one(value)
        self.reason = reason
        count = { _ in 1 }
        scrape = nil
    }

    /// A family with several series for each reading.
    /// - Parameter count: the most series; nil for one of each set of labels.
    init(
        _ family: MetricFamily,
        isCore: Bool = false,
        outlivesStaleness: Bool = false,
        each labels: [LabelSet],
        count: (@Sendable (PairDescription) -> Int)? = nil,
        value: @escaping @Sendable (PairReading, Int) -> Double?
    ) {
        self.family = family
        self.isCore = isCore
        self.outlivesStaleness = outlivesStaleness
        self.value = .each(labels, value)
        reason = { _ in nil }
        self.count = count ?? { _ in labels.count }
        scrape = nil
    }

    /// A family that a scrape writes from more than a reading.
    /// - Parameter value: how it follows from a reading of history.
    init(
        _ family: MetricFamily,
        isCore: Bool = false,
        value: Value? = nil,
        count: @escaping @Sendable (PairDescription) -> Int = { _ in 1 },
        scrape: @escaping @Sendable (PairScrape, inout SampleWriter) -> Void
    ) {
        self.family = family
        self.isCore = isCore
        outlivesStaleness = false
        self.value = value
        reason = { _ in nil }
        self.count = count
        self.scrape = scrape
    }
}

extension PairMetric.Value {
    /// How many series one reading has.
    var count: Int {
        switch self {
        case .one: 1
        case .each(let labels, _): labels.count
        }
    }
}
