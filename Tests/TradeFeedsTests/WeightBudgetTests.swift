import Testing

@testable import TradeFeeds

@Suite struct WeightBudgetTests {
    @Test("requests are as far apart as a venue wants that counts by the second")
    func interval() {
        let start = ContinuousClock.now
        var budget = WeightBudget(weightPerMinute: 600, interval: .milliseconds(110))
        let instants = (0..<4).map { _ in budget.reserve(1, notBefore: start) }
        #expect(instants == (0..<4).map { start + .milliseconds(110) * $0 })
        #expect(budget.reserve(1, notBefore: start + .seconds(5)) == start + .seconds(5))
    }
}
