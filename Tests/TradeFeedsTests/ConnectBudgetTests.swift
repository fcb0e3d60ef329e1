import TestSupport
import Testing

@testable import TradeFeeds

@Suite struct ConnectBudgetTests {
    @Test("no minute has more attempts than the budget")
    func budget() {
        let start = ContinuousClock.now
        var budget = ConnectBudget(perMinute: 3)
        var generator = SeededRandom(seed: 3)
        var attempts: [ContinuousClock.Instant] = []
        var wish = start
        for _ in 0..<100 {
            wish = (attempts.last ?? start) + .seconds(Double(generator.next() % 40))
            attempts.append(budget.reserve(notBefore: wish))
            #expect(attempts[attempts.count - 1] >= wish)
        }
        for index in attempts.indices.dropFirst(3) {
            #expect(attempts[index - 3].duration(to: attempts[index]) >= .seconds(60))
        }
    }

    @Test("attempts within the budget are not delayed")
    func unhindered() {
        let start = ContinuousClock.now
        var budget = ConnectBudget(perMinute: 3)
        for second in [0, 1, 2] {
            #expect(budget.reserve(notBefore: start + .seconds(second)) == start + .seconds(second))
        }
        #expect(budget.reserve(notBefore: start + .seconds(3)) == start + .seconds(60))
        #expect(budget.reserve(notBefore: start + .seconds(200)) == start + .seconds(200))
    }
}
