import MarketData
import Testing

@testable import TradeFeeds

@Suite struct ClockOffsetTests {
    private func time(_ microseconds: Int64) -> Timestamp { Timestamp(microseconds: microseconds) }

    @Test("the quickest of the last answers counts, from the middle of its way")
    func quickest() {
        var offset = ClockOffset()
        #expect(offset.microseconds == nil)
        offset.take(venueTime: time(5_000), sent: time(0), received: time(4_000))
        #expect(offset.microseconds == 3_000)
        offset.take(venueTime: time(11_100), sent: time(10_000), received: time(10_200))
        #expect(offset.microseconds == 1_000)
        offset.take(venueTime: time(90_000), sent: time(20_000), received: time(30_000))
        #expect(offset.microseconds == 1_000)
        for _ in 0..<8 { offset.take(venueTime: time(50_000), sent: time(49_000), received: time(50_000)) }
        #expect(offset.microseconds == 500)
    }

    @Test("an answer over which the wall clock was set back is left out")
    func setBack() {
        var offset = ClockOffset()
        offset.take(venueTime: time(5_000), sent: time(4_000), received: time(0))
        #expect(offset.microseconds == nil)
    }
}
