import MarketData
import Testing

@Suite struct TimestampTests {
    @Test("Milliseconds that do not fit are refused")
    func milliseconds() {
        #expect(Timestamp(milliseconds: 1_723_161_256_322)?.microseconds == 1_723_161_256_322_000)
        #expect(Timestamp(milliseconds: -1)?.microseconds == -1000)
        #expect(Timestamp(milliseconds: .max) == nil)
        #expect(Timestamp(milliseconds: .min) == nil)
        #expect(Timestamp(milliseconds: 9_223_372_036_854_775)?.microseconds == 9_223_372_036_854_775_000)
        #expect(Timestamp(milliseconds: 9_223_372_036_854_776) == nil)
    }

    @Test("Arithmetic stays at the ends of time")
    func saturates() {
        let first = Timestamp(microseconds: .min)
        let last = Timestamp(microseconds: .max)
        #expect(last + 1 == last)
        #expect(first + -1 == first)
        #expect(first - 1 == first)
        #expect(last - -1 == last)
        #expect(last - first == .max)
        #expect(first - last == .min)
        #expect(Timestamp(microseconds: 5) - 7 == Timestamp(microseconds: -2))
        #expect(Timestamp(microseconds: 5) - Timestamp(microseconds: 7) == -2)
    }

    @Test("Seconds keep the microseconds of present-day times")
    func seconds() {
        #expect(Timestamp(microseconds: 1_723_161_256_322_001).seconds == 1_723_161_256.322001)
    }
}
