import MarketData
import Testing

@testable import TradeFeeds

@Suite struct ClockOffsetTests {
    private func time(_ microseconds: Int64) -> Timestamp { Timestamp(microseconds: microseconds) }

    @Test("the quickest of the last answers counts, from the middle of its way")
    func quickest() {
        var offset = ClockOffset()
        #expect(offset.microseconds == nil)
        offset.record(venueTime: time(5_000), sent: time(0), received: time(4_000))
        #expect(offset.microseconds == 3_000)
        offset.record(venueTime: time(11_100), sent: time(10_000), received: time(10_200))
        #expect(offset.microseconds == 1_000)
        offset.record(venueTime: time(90_000), sent: time(20_000), received: time(30_000))
        #expect(offset.microseconds == 1_000)
        for _ in 0..<8 { offset.record(venueTime: time(50_000), sent: time(49_000), received: time(50_000)) }
        #expect(offset.microseconds == 500)
    }

    @Test("an answer that took more than ten seconds, or less than none, is left out", arguments: [-1, 10_000_001])
    func implausible(roundTrip: Int64) {
        var offset = ClockOffset()
        offset.record(venueTime: time(5_000), sent: time(4_000), received: time(4_000 + roundTrip))
        #expect(offset.microseconds == nil)
    }

    @Test("what is forgotten is of no use, however quick it was")
    func forgets() {
        var offset = ClockOffset()
        offset.record(venueTime: time(5_000), sent: time(0), received: time(0))
        offset.reset()
        #expect(offset.microseconds == nil)
        offset.record(venueTime: time(9_000_000), sent: time(0), received: time(4_000))
        #expect(offset.microseconds == 8_998_000)
    }
}
