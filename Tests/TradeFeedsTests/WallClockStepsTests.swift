import MarketData
import Testing
import TradeFeeds

@Suite struct WallClockStepsTests {
    private static let second: Int64 = 1_000_000

    /// The steps detected at readings a second apart, of a wall clock ahead by these microseconds.
    private func steps(_ leads: [Int64]) -> [Int64?] {
        var steps = WallClockSteps()
        return leads.enumerated().map { position, lead in
            let now = Timestamp(microseconds: Int64(position) * Self.second)
            return steps.compare(wallClock: now + lead, before: now, after: now + 10)
        }
    }

    @Test("a constant error of the clock is not a step")
    func constant() {
        #expect(steps([-200_000 * Self.second, -200_000 * Self.second]) == [nil, nil])
    }

    @Test("a step of any size is detected once, in both directions", arguments: [1, -1, 300, -300, 200_000])
    func step(seconds: Int64) {
        let size = seconds * Self.second
        #expect(steps([5, 5, 5 + size, 5 + size, 5]) == [nil, nil, size, nil, -size])
    }

    @Test("small moves add up until they reach a second")
    func slew() {
        let leads = (0...25).map { -Int64($0) * 100_000 }
        #expect(steps(leads).compactMap(\.self) == [-Self.second, -Self.second])
    }

    @Test("readings around a suspension of the process detect no step")
    func heldUp() {
        var steps = WallClockSteps()
        let (start, end) = (Timestamp(microseconds: 0), Timestamp(microseconds: 9 * Self.second))
        #expect(steps.compare(wallClock: start, before: start, after: start) == nil)
        #expect(steps.compare(wallClock: end, before: start, after: end) == nil)
    }

    @Test("extreme readings do not overflow", arguments: [Int64.min, .max])
    func extremes(time: Int64) {
        var steps = WallClockSteps()
        let now = Timestamp(microseconds: 0)
        #expect(steps.compare(wallClock: now, before: now, after: now) == nil)
        #expect(steps.compare(wallClock: Timestamp(microseconds: time), before: now, after: now) == time)
        #expect(steps.compare(wallClock: Timestamp(microseconds: ~time), before: now, after: now) != nil)
    }
}
