import PairEngine
import PrometheusExposition

/// Which statistics of a reading have no value, and why: the series of `pairs_undefined`.
enum UndefinedStatistics {
    /// The values of the label `statistic`.
    static let names = ["fit", "zscore", "correlation", "half_life", "tests"]

    /// The reasons that a stored bar can have. A reading of history ends when it is stale.
    static let pastReasons = UndefinedReason.allCases.filter { $0 != .stale }

    private static let reasonPositions = Dictionary(
        UndefinedReason.allCases.enumerated().map { ($1, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    /// The labels of each statistic with each of these reasons.
    static func labels(with reasons: [UndefinedReason]) -> [LabelSet] {
        names.flatMap { statistic in reasons.map { ["statistic": statistic, "reason": $0.rawValue] } }
    }

    /// The position in ``PairLabels/undefined`` of a statistic's series with this reason.
    static func position(of statistic: Int, because reason: UndefinedReason, reading: Int) -> Int {
        (reading * names.count + statistic) * reasonPositions.count + (reasonPositions[reason] ?? 0)
    }

    /// Why the statistic at a position of ``names`` has no value; nil when it has one.
    static func reason(_ index: Int, _ reading: PairReading, isStale: Bool = false) -> UndefinedReason? {
        if isStale { return .stale }
        return switch index {
        case 0: reading.fit.reason
        case 1: reading.zScore.reason ?? reading.forecastZScore.reason
        case 2: reading.returnCorrelation.reason
        case 3: reading.tests.flatMap(\.halfLife).reason
        default: reading.tests.flatMap(\.adf).reason ?? reading.tests.flatMap(\.cointegration).reason
        }
    }
}
