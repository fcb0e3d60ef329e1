import MarketData
import Testing

@testable import TradeFiles

@Suite struct ReplaySpeedTests {
    @Test(
        "a number above zero or max",
        arguments: [
            ("1", ReplaySpeed.times(1)), ("10", .times(10)), ("0.5", .times(0.5)), ("max", .max), ("0", nil),
            ("-1", nil), ("", nil), ("fast", nil),
            ("inf", nil), ("nan", nil),
        ] as [(String, ReplaySpeed?)]
    )
    func reading(text: String, expected: ReplaySpeed?) {
        #expect(ReplaySpeed(text) == expected)
    }

    @Test("the replay clock converts the monotonic clock into the file's time and back", arguments: [0.5, 1, 100])
    func pace(speed: Double) {
        let start = ContinuousClock.now
        let clock = ReplayClock(speed: speed, startTime: Timestamp(microseconds: 1_000_000), startInstant: start)
        #expect(clock.time(at: start) == Timestamp(microseconds: 1_000_000))
        #expect(clock.time(at: start + .seconds(2)) == Timestamp(microseconds: 1_000_000 + Int64(2e6 * speed)))
        let later = Timestamp(microseconds: 4_000_000)
        #expect(clock.time(at: clock.instant(of: later)) == later)
    }

    @Test("extreme speeds do not overflow", arguments: [1e-300, Double.leastNonzeroMagnitude])
    func slowest(speed: Double) {
        let start = ContinuousClock.now
        let clock = ReplayClock(speed: speed, startTime: Timestamp(microseconds: 0), startInstant: start)
        #expect(clock.instant(of: Timestamp(microseconds: 4_000_000_000_000_000)) > start + .seconds(1_000_000_000))
    }
}
