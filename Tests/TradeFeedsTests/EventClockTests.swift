import MarketData
import Testing
import TradeFeeds

@Suite struct EventClockTests {
    private let start = ContinuousClock.now

    private func instant(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }
    private func time(_ milliseconds: Int64) -> Timestamp { Timestamp(microseconds: milliseconds * 1000) }

    @Test("there is no time before the first trade")
    func empty() {
        var clock = EventClock()
        #expect(clock.now(at: instant(0)) == nil)
        #expect(clock.now(at: instant(100)) == nil)
    }

    @Test("it advances from the greatest trade time with the monotonic clock")
    func elapses() {
        var clock = EventClock()
        clock.observe(time(1000), at: instant(0))
        #expect(clock.now(at: instant(0)) == time(1000))
        #expect(clock.now(at: instant(100)) == time(1100))
        #expect(clock.now(at: instant(200)) == time(1200))
        clock.observe(time(1500), at: instant(250))
        #expect(clock.now(at: instant(300)) == time(1550))
    }

    @Test("an earlier trade does not move it")
    func earlierTrade() {
        var clock = EventClock()
        clock.observe(time(1000), at: instant(0))
        clock.observe(time(900), at: instant(100))
        #expect(clock.now(at: instant(200)) == time(1200))
    }

    @Test("a delayed trade never moves it backward")
    func monotone() {
        var clock = EventClock()
        clock.observe(time(1000), at: instant(0))
        #expect(clock.now(at: instant(200)) == time(1200))
        clock.observe(time(1050), at: instant(210))
        #expect(clock.now(at: instant(220)) == time(1200))
        #expect(clock.now(at: instant(400)) == time(1240))
    }

    @Test("a pause of the process adds at most the longest step")
    func pause() {
        var clock = EventClock()
        clock.observe(time(1000), at: instant(0))
        #expect(clock.now(at: instant(100)) == time(1100))
        #expect(clock.now(at: instant(60_100)) == time(1350))
        clock.observe(time(1360), at: instant(60_110))
        #expect(clock.now(at: instant(60_120)) == time(1370))
    }

    @Test("an earlier instant changes nothing")
    func unorderedInstants() {
        var clock = EventClock()
        clock.observe(time(1000), at: instant(100))
        #expect(clock.now(at: instant(200)) == time(1100))
        #expect(clock.now(at: instant(150)) == time(1100))
        #expect(clock.now(at: instant(250)) == time(1150))
    }
}
