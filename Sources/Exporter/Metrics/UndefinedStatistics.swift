import PairEngine

/// Which statistics of a reading have no value, and why: the series of `pairs_undefined`.
enum UndefinedStatistics {
    /// The values of the label `statistic`.
    static let names = ["fit", "zscore", "correlation", "half_life", "tests"]

    /// Each statistic without a value, in the order of ``names``.
    static func list(_ reading: PairReading, isStale: Bool) -> [(statistic: String, reason: UndefinedReason)] {
        if isStale { return names.map { ($0, .stale) } }
        let tests = reading.tests
        let reasons: [UndefinedReason?] = [
            reading.fit.reason,
            reading.zScore.reason ?? reading.forecastZScore.reason,
            reading.returnCorrelation.reason,
            tests.flatMap(\.halfLife).reason,
            tests.flatMap(\.adf).reason ?? tests.flatMap(\.engleGranger).reason,
        ]
        return zip(names, reasons).compactMap { name, reason in reason.map { (name, $0) } }
    }
}
