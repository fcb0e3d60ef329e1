/// How far a reading can be trusted: the lower 95 % Fisher bound of the size of the return correlation × the share of
/// bars with a fresh price × the share of the window that has a value, at most ``cap`` while cointegration is unproven,
/// and ``staleCap`` while more than a fifth of the bars repeat an old price.
///
/// Cointegration counts as proven while the latest tests have a result, at least half of the remembered ones passed, and
/// there is no stationarity risk: one p-value that has just turned green proves little.
public struct Confidence: Sendable, Hashable {
    /// The most that a reading without proven cointegration can have.
    public static let cap = 0.5
    /// The most that a reading can have whose bars often repeat old prices: little.
    public static let staleCap = 0.3
    /// Share of bars with a fresh price below which that holds.
    static let leastFreshness = 0.8
    /// Share of remembered cointegration tests that must have passed.
    static let provenPassRatio = 0.5

    /// 0 to 1.
    public let value: Double
    /// What limits it most.
    public let weakestLink: ConfidenceLink

    /// The confidence in a reading, nil while it has no return correlation.
    public init?(_ reading: PairReading) {
        guard let correlation = reading.returnCorrelationLower, let carried = reading.carriedRatio else { return nil }
        let passRatio = reading.tests.flatMap(\.engleGranger).value.flatMap { _ in reading.passRatio }
        self.init(
            correlation: correlation,
            freshness: 1 - carried,
            completeness: min(1, reading.fillRatio),
            isProven: passRatio.map { $0 >= Self.provenPassRatio } ?? false && reading.holds(.stationarityRisk) == false
        )
    }

    init(correlation: Double, freshness: Double, completeness: Double, isProven: Bool) {
        let product = correlation * freshness * completeness
        if freshness < Self.leastFreshness, product > Self.staleCap {
            value = Self.staleCap
            weakestLink = .freshness
            return
        }
        if !isProven, product > Self.cap {
            value = Self.cap
            weakestLink = .cointegration
            return
        }
        value = product
        let least = min(correlation, freshness, completeness)
        weakestLink = correlation == least ? .correlation : freshness == least ? .freshness : .completeness
    }

    /// The value in words.
    public var level: ConfidenceLevel { ConfidenceLevel(value) }
}
