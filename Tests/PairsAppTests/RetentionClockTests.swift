import MarketData
import Testing

@testable import PairsApp

@Suite struct RetentionClockTests {
    private static let day: Int64 = 86_400_000_000
    private let start = ContinuousClock.now
    private let time = Timestamp(microseconds: 20_000 * day)

    /// The time of the clock a minute later.
    private func later(feed: Int64, wallClock: Int64) -> Int64 {
        var clock = RetentionClock()
        _ = clock.time(feed: time, wallClock: time + wallClock, at: start)
        return clock.time(feed: time + feed, wallClock: time + wallClock, at: start + .seconds(60)) - time
    }

    @Test("it follows the feed, whatever the wall clock shows", arguments: [-10_000, -2, 0, 2, 10_000])
    func follows(days: Int64) {
        let minute: Int64 = 60_000_000
        #expect(later(feed: minute, wallClock: days * Self.day) == minute)
    }

    @Test("a feed that jumps ahead counts for a day at most, unless the wall clock agrees")
    func leap() {
        #expect(later(feed: 400 * Self.day, wallClock: 0) == Self.day + 60_000_000)
        #expect(later(feed: 400 * Self.day, wallClock: 400 * Self.day) == 400 * Self.day)
    }

    @Test("a permanent jump is not followed faster than real time")
    func staying() {
        var clock = RetentionClock()
        _ = clock.time(feed: time, wallClock: time, at: start)
        for minute in 1...10 {
            let now = clock.time(feed: time + 400 * Self.day, wallClock: time, at: start + .seconds(60 * minute))
            #expect(now - time == Self.day + Int64(minute) * 60_000_000)
        }
    }
}
