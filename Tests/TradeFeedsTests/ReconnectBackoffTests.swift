import TestSupport
import Testing

@testable import TradeFeeds

@Suite struct ReconnectBackoffTests {
    @Test("delays are distributed from zero to a ceiling that doubles from 0.5 s to 30 s")
    func ceilings() {
        var generator = SeededRandom(seed: 7)
        var longest = [Duration](repeating: .zero, count: 10)
        var shortest = [Duration](repeating: .seconds(99), count: 10)
        for _ in 0..<2000 {
            var backoff = ReconnectBackoff()
            for attempt in longest.indices {
                let delay = backoff.delay(afterFlowing: .seconds(59), using: &generator)
                longest[attempt] = max(longest[attempt], delay)
                shortest[attempt] = min(shortest[attempt], delay)
            }
        }
        let ceilings = [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30]
        for (attempt, ceiling) in ceilings.enumerated() {
            #expect(longest[attempt] <= .seconds(ceiling))
            #expect(longest[attempt] > .seconds(ceiling * 0.95))
            #expect(shortest[attempt] < .seconds(ceiling * 0.05))
        }
    }

    @Test("a minute of data resets the number of failures")
    func reset() {
        var generator = SeededRandom(seed: 7)
        var backoff = ReconnectBackoff()
        for _ in 0..<10 { _ = backoff.delay(afterFlowing: .zero, using: &generator) }
        for _ in 0..<100 { #expect(backoff.delay(afterFlowing: .seconds(60), using: &generator) <= .milliseconds(500)) }
    }
}
