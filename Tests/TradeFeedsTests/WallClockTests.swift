import Foundation
import MarketData
import Testing

@testable import TradeFeeds

@Suite struct WallClockTests {
    @Test(
        "any reading is a time of the years 1800 to 2200",
        arguments: [
            (0, 0, 0), (1_723_161_255, 88_176_367, 1_723_161_255_088_176), (-1, 999_999_999, -1),
            (9_000_000_000_000_000_000, 0, 7_258_118_400_000_000), (.max, 999_999_999, 7_258_118_400_000_000),
            (-9_000_000_000_000_000_000, 0, -5_364_662_400_000_000), (.min, 0, -5_364_662_400_000_000),
            (7_258_118_400, 1000, 7_258_118_400_000_000), (-5_364_662_401, 0, -5_364_662_400_000_000),
        ]
    )
    func reading(seconds: Int, nanoseconds: Int, microseconds: Int64) {
        #expect(WallClock.time(timespec(tv_sec: seconds, tv_nsec: nanoseconds)).microseconds == microseconds)
    }
}
