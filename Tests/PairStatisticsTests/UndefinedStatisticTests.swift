import Testing

@testable import PairStatistics

@Suite struct UndefinedStatisticTests {
    @Test("Raw values are the label values of the metric contract")
    func rawValues() {
        #expect(
            UndefinedStatistic.allCases.map(\.rawValue)
                == ["too_few", "flat_leg", "collinear", "constant", "not_reverting", "faster_than_bar", "invalid_lag"]
        )
    }

    @Test("Every reason has its own text")
    func descriptions() {
        #expect(Set(UndefinedStatistic.allCases.map(\.description)).count == UndefinedStatistic.allCases.count)
    }
}
