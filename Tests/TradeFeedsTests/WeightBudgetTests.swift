import TestSupport
import Testing

@testable import TradeFeeds

@Suite struct WeightBudgetTests {
    @Test("no minute has more weight than the limit with any requests")
    func limit() {
        let start = ContinuousClock.now
        var budget = WeightBudget(weightPerMinute: 100)
        var generator = SeededRandom(seed: 11)
        var sent: [(instant: ContinuousClock.Instant, weight: Int)] = []
        for _ in 0..<300 {
            let weight = Int(generator.next() % 40) + 1
            let wish = start + .seconds(Int(generator.next() % 50))
            let instant = budget.reserve(weight, notBefore: wish)
            #expect(instant >= wish)
            sent.append((instant, weight))
            let minute = sent.filter { $0.instant + .seconds(60) > instant }
            #expect(minute.reduce(0) { $0 + $1.weight } <= 100)
        }
    }

    @Test("the weight used by other clients of the same address counts")
    func others() {
        let start = ContinuousClock.now
        var budget = WeightBudget(weightPerMinute: 100)
        budget.record(usedWeight: 95, at: start)
        #expect(budget.reserve(5, notBefore: start) == start)
        #expect(budget.reserve(5, notBefore: start) == start + .seconds(60))
    }

    @Test("an implausible used weight does not count", arguments: [Int.max, Int.max - 1, .min, -1, 0, 1_000_000])
    func absurd(used: Int) {
        let start = ContinuousClock.now
        var budget = WeightBudget(weightPerMinute: 100)
        for _ in 0..<3 { budget.record(usedWeight: used, at: start) }
        #expect(budget.reserve(100, notBefore: start) == start)
        #expect(budget.reserve(1, notBefore: start) == start + .seconds(60))
    }
}
