import MarketData
import Testing

@testable import TradeFeeds

@Suite struct ClockOffsetTests {
    private func time(_ microseconds: Int64) -> Timestamp { Timestamp(microseconds: microseconds) }

    @Test("the fastest of the last responses counts, from the middle of its round trip")
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

    @Test("a response with a round trip above ten seconds or below zero is ignored", arguments: [-1, 10_000_001])
    func implausible(roundTrip: Int64) {
        var offset = ClockOffset()
        offset.record(venueTime: time(5_000), sent: time(4_000), received: time(4_000 + roundTrip))
        #expect(offset.microseconds == nil)
    }

    @Test("measurements before a reset have no effect")
    func resets() {
        var offset = ClockOffset()
        offset.record(venueTime: time(5_000), sent: time(0), received: time(0))
        offset.reset()
        #expect(offset.microseconds == nil)
        offset.record(venueTime: time(9_000_000), sent: time(0), received: time(4_000))
        #expect(offset.microseconds == 8_998_000)
    }
}
