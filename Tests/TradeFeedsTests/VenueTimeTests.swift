import MarketData
import Testing

@testable import TradeFeeds

@Suite struct VenueTimeTests {
    private static let second: Int64 = 1_000_000

    /// The lead in use after trades, each of an instrument and with a lead in seconds, a tenth of a second apart.
    private func lead(
        of trades: [(Int, Int64)],
        offset: Int64? = nil,
        after wait: Int64 = 0
    ) -> Int64? {
        var time = VenueTime()
        time.offset = offset.map { $0 * Self.second }
        var now = Timestamp(microseconds: 0)
        for (instrument, seconds) in trades {
            time.record(seconds * Self.second, of: InstrumentID(instrument), at: now)
            now = now + Self.second / 10
        }
        return time.lead(at: now + wait * Self.second).map { $0 / Self.second }
    }

    @Test("without an offset the lead is unknown until two instruments or three trades agree, or after a wait")
    func start() {
        #expect(lead(of: []) == nil)
        #expect(lead(of: [(0, 7)]) == nil)
        #expect(lead(of: [(0, 7), (1, 7)]) == 7)
        #expect(lead(of: [(0, 7), (0, 7), (0, 7)]) == 7)
        #expect(lead(of: [(0, 7)], after: 2) == 7)
    }

    @Test("a measured offset is used before the first trade", arguments: [-200_000, 0, 200_000])
    func measured(offset: Int64) {
        #expect(lead(of: [], offset: offset) == offset)
        #expect(lead(of: [(0, offset - 1)], offset: offset) == offset)
    }

    @Test("one trade does not change the lead, with and without an offset", arguments: [0, nil] as [Int64?])
    func oneTrade(offset: Int64?) {
        #expect(lead(of: [(0, 0), (0, 0), (0, 55)], offset: offset) == 0)
        #expect(lead(of: [(0, 0), (0, 0), (0, 55), (0, 0)], offset: offset) == 0)
        #expect(lead(of: [(0, 0), (1, 0), (0, 55)], offset: offset) == 0)
    }

    @Test("one instrument does not change the lead while others trade", arguments: [2, 3, 4, 7])
    func oneInstrument(count: Int) {
        let trades = (0..<5).flatMap { _ in (0..<count).map { ($0, $0 == 0 ? 55 : 0 as Int64) } }
        #expect(lead(of: trades) == 0)
        #expect(lead(of: trades, offset: 0) == 0)
    }

    @Test("a move of all instruments changes the lead, with any measured offset", arguments: [1, 2, 3, 4])
    func venueJump(count: Int) {
        let trades = ([0, 0, 0, 300, 300] as [Int64]).flatMap { lead in (0..<count).map { ($0, lead) } }
        #expect(lead(of: trades) == 300)
        #expect(lead(of: trades, offset: 0) == 300)
    }

    @Test("delayed trades do not change the measured lead, unless they are too old for too long")
    func delays() {
        let trades = (0..<120).map { _ in (0, -3600 as Int64) }
        #expect(lead(of: trades, offset: 0) == 0)
        var time = VenueTime()
        time.offset = 3600 * Self.second
        let leads = (0...120).map { position -> Int64? in
            let now = Timestamp(microseconds: Int64(position) * Self.second / 10)
            time.record(0, of: InstrumentID(0), at: now)
            return time.lead(at: now)
        }
        #expect(leads[50] == 3600 * Self.second)
        #expect(leads[120] == 0)
    }

    @Test("a silent instrument does not count")
    func silent() {
        var time = VenueTime()
        let start = Timestamp(microseconds: 0)
        for _ in 0..<3 { time.record(0, of: InstrumentID(4), at: start) }
        for _ in 0..<3 { time.record(20, of: InstrumentID(5), at: start + 5 * Self.second) }
        #expect(time.lead(at: start + 6 * Self.second) == 0)
        for _ in 0..<3 { time.record(20, of: InstrumentID(5), at: start + 11 * Self.second) }
        #expect(time.lead(at: start + 11 * Self.second) == 20)
    }

    @Test("extreme leads do not overflow", arguments: [Int64.min, .max])
    func extremes(lead: Int64) {
        var time = VenueTime()
        time.offset = ~lead
        for _ in 0..<3 { time.record(lead, of: InstrumentID(0), at: Timestamp(microseconds: lead)) }
        #expect(time.lead(at: Timestamp(microseconds: ~lead)) != nil)
        time.record(lead, of: InstrumentID(9), at: Timestamp(microseconds: 0))
    }
}
