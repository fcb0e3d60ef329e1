import PairStatistics
import Testing

@testable import PairEngine

@Suite struct UndefinedReasonTests {
    @Test("The reasons are those of the metric contract")
    func names() {
        let names = [
            "warming_up", "flat_leg", "collinear", "too_few", "gap", "stale", "not_reverting", "faster_than_bar",
        ]
        #expect(UndefinedReason.allCases.map(\.rawValue) == names)
    }

    @Test("Every refusal of a formula has a reason", arguments: UndefinedStatistic.allCases)
    func refusals(undefined: UndefinedStatistic) {
        let expected: [UndefinedStatistic: UndefinedReason] = [
            .flatLeg: .flatLeg, .constant: .flatLeg, .collinear: .collinear, .tooFew: .tooFew, .invalidLag: .tooFew,
            .notReverting: .notReverting, .fasterThanBar: .fasterThanBar,
        ]
        #expect(UndefinedReason(undefined) == expected[undefined])
        let value = measured { () throws(UndefinedStatistic) -> Int in throw undefined }
        #expect(value.reason == expected[undefined])
        #expect(value.value == nil)
    }
}
