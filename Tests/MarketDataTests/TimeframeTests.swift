import MarketData
import TestSupport
import Testing

@Suite struct TimeframeTests {
    @Test(
        "A whole number and a unit are a timeframe",
        arguments: [
            ("1s", 1, "1s"), ("5s", 5, "5s"), ("1m", 60, "1m"), ("90s", 90, "90s"), ("15m", 900, "15m"),
            ("1h", 3600, "1h"), ("168h", 604_800, "168h"), ("1d", 86_400, "1d"), ("7d", 604_800, "7d"),
            ("604800s", 604_800, "604800s"), ("007m", 420, "7m"),
        ]
    )
    func parses(text: String, seconds: Int64, label: String) throws {
        let timeframe = try #require(Timeframe(text))
        #expect(timeframe.microseconds == seconds * 1_000_000)
        #expect(timeframe.seconds == Double(seconds))
        #expect(timeframe.label == label)
        #expect(timeframe.description == label)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "s", "1", "0s", "0m", "-1s", "+1s", "1.5m", "1 m", " 1m", "1m ", "1S", "1M", "1w", "1y", "1ms", "m1",
            "1mm", "8d", "169h", "604801s", "9223372036854775807d", "9223372036854775808s", "1s\u{301}", "1\u{600}s",
            "１s", "0x1s", "1e1s", "1_0s",
        ]
    )
    func refuses(text: String) {
        #expect(Timeframe(text) == nil)
    }

    @Test(
        "A bar holds its first moment and not its last",
        arguments: [
            ("1s", 0, 0), ("1s", 999_999, 0), ("1s", 1_000_000, 1), ("1s", -1, -1), ("1s", -1_000_000, -1),
            ("1s", -1_000_001, -2), ("1m", 59_999_999, 0), ("1m", 60_000_000, 1),
            // 1723161256 s is not a multiple of 7 s, nor 2024-08-08 one of 45 m: bars align to the epoch, not to the
            // day.
            ("7s", 1_723_161_256_322_000, 246_165_893), ("45m", 1_723_161_256_322_000, 638_207),
            ("7d", 1_723_161_256_322_000, 2849),
        ] as [(String, Int64, Int64)]
    )
    func slots(text: String, microseconds: Int64, slot: Int64) throws {
        let timeframe = try Timeframe.sample(text)
        let time = Timestamp(microseconds: microseconds)
        #expect(timeframe.slot(of: time) == slot)
        #expect(timeframe.openTime(of: slot) <= time)
        #expect(time < timeframe.closeTime(of: slot))
        #expect((slot - 2...slot + 2).filter { timeframe.contains(time, slot: $0) } == [slot])
        #expect(timeframe.closeTime(of: slot) == timeframe.openTime(of: slot + 1))
        #expect(timeframe.closeTime(of: slot) - timeframe.openTime(of: slot) == timeframe.microseconds)
    }

    @Test("The ends of time have a bar", arguments: ["1s", "7s", "1m", "7d"])
    func endsOfTime(text: String) throws {
        let timeframe = try Timeframe.sample(text)
        for time in [Timestamp(microseconds: .min), Timestamp(microseconds: .max)] {
            let slot = timeframe.slot(of: time)
            #expect(timeframe.openTime(of: slot) <= time)
            #expect(timeframe.closeTime(of: slot) >= time || time.microseconds == .max)
            #expect((slot - 2...slot + 2).filter { timeframe.contains(time, slot: $0) } == [slot])
        }
        #expect(timeframe.closeTime(of: .max).microseconds == .max)
        #expect(timeframe.openTime(of: .min).microseconds == .min)
    }

    @Test("Equal lengths are one timeframe, however written")
    func equality() throws {
        #expect(try Timeframe.sample("60s") == Timeframe.sample("1m"))
        #expect(try Set([Timeframe.sample("60s"), .sample("1m"), .sample("1h"), .sample("60m")]).count == 2)
        #expect(try Timeframe.sample("59s") < Timeframe.sample("1m"))
    }
}
