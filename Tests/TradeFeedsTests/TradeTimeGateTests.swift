import MarketData
import Testing

@testable import TradeFeeds

@Suite struct TradeTimeGateTests {
    private static let second: Int64 = 1_000_000
    private static let start = Timestamp(microseconds: 1_700_000_000 * second)

    /// A gate with two instruments, whose trades have ids from 1.
    private struct Run {
        var gate = TradeTimeGate()
        var nextID: Int64 = 1

        init(offset: Int64? = nil) {
            gate.setOffset(offset.map { $0 * second }, at: start)
        }

        /// A batch that arrives a number of seconds after the start, of trades a number of seconds ahead.
        mutating func batch(
            _ seconds: Double,
            _ trades: [(instrument: Int, lead: Double)],
            isRepair: Bool = false
        ) -> TradeBatch {
            let arrival = start + Int64(seconds * Double(second))
            let trades = trades.map { trade in
                defer { nextID += 1 }
                return Trade(
                    instrument: InstrumentID(trade.instrument),
                    id: nextID,
                    time: arrival + Int64(trade.lead * Double(second)),
                    price: FixedDecimal(mantissa: 1, scale: 0),
                    quantity: FixedDecimal(mantissa: 1, scale: 0),
                    takerSide: .buy
                )
            }
            return TradeBatch(trades: trades, receivedAt: arrival, isRepair: isRepair)
        }

        mutating func admit(_ seconds: Double, _ trades: [(instrument: Int, lead: Double)]) -> [Int64] {
            gate.admit(batch(seconds, trades)).flatMap { $0.trades.map(\.id) }
        }

        mutating func advance(_ seconds: Double) -> [Trade] {
            gate.advance(to: start + Int64(seconds * Double(second))).flatMap(\.trades)
        }
    }

    @Test("with a measured offset a clock that is days wrong holds back no trade", arguments: [-200_000, 200_000])
    func measured(offset: Double) {
        var run = Run(offset: Int64(offset))
        #expect(run.admit(0, [(0, offset), (0, offset - 1), (1, offset)]) == [1, 2, 3])
    }

    @Test("without an offset the first trades are held until others agree", arguments: [-200_000, 200_000])
    func unmeasured(lead: Double) {
        var run = Run()
        #expect(run.admit(0, [(0, lead)]).isEmpty)
        #expect(run.admit(0.5, [(1, lead)]) == [1, 2])
        #expect(run.admit(0.6, [(0, lead), (1, lead - 30)]) == [3, 4])
    }

    @Test("a single first trade is passed on when no other arrives")
    func alone() {
        var run = Run()
        #expect(run.admit(0, [(0, 7)]).isEmpty)
        #expect(run.advance(1).isEmpty)
        #expect(run.advance(2).map(\.id) == [1])
    }

    @Test("one trade ahead of time is held until its time and delays no other", arguments: [2, 55, 119])
    func ahead(lead: Double) {
        var run = Run(offset: 0)
        #expect(run.admit(0, [(0, 0), (1, 0), (1, lead), (0, 0), (1, 0)]) == [1, 2, 4, 5])
        #expect(run.admit(0.1, [(0, 0), (1, 0)]) == [6, 7])
        #expect(run.advance(lead - 0.1).isEmpty)
        let released = run.advance(lead)
        #expect(released.map(\.id) == [3])
        #expect(released.allSatisfy { $0.discard == nil })
    }

    @Test("one trade too far ahead is discarded", arguments: [131, 3600, 1e9])
    func farAhead(lead: Double) {
        var run = Run(offset: 0)
        #expect(run.admit(0, [(0, 0), (1, lead), (1, 0)]) == [1, 3])
        #expect(run.advance(9).isEmpty)
        #expect(run.advance(10).map(\.discard) == [.time])
        #expect(run.advance(11).isEmpty)
    }

    @Test("a jump of the venue's clock loses no trade and changes no order")
    func leap() {
        var run = Run(offset: 0)
        #expect(run.admit(0, [(0, 0), (1, 0), (0, 0), (1, 0), (0, 0), (1, 0)]).count == 6)
        #expect(run.admit(1, [(0, 500), (1, 500), (0, 500)]).isEmpty)
        #expect(run.admit(2, [(1, 500), (0, 500)]) == [7, 8, 9, 10, 11])
    }

    @Test("held trades are passed on when the venue's time is measured again")
    func remeasured() {
        var run = Run(offset: 0)
        #expect(run.admit(0, [(0, 0), (1, 0)]) == [1, 2])
        #expect(run.admit(1, [(0, 90)]).isEmpty)
        run.gate.setOffset(90 * Self.second, at: Self.start + Self.second)
        #expect(run.advance(1.1).map(\.id) == [3])
    }

    @Test("beyond the capacity the oldest held trades are discarded")
    func full() {
        var run = Run(offset: 0)
        _ = run.admit(0, [(1, 0), (1, 0), (1, 0)])
        let count = TradeTimeGate.capacity + 5
        #expect(run.admit(0, Array(repeating: (0, 60), count: count)).isEmpty)
        let discarded = run.advance(0.1)
        #expect(discarded.map(\.id) == Array(4..<9))
        #expect(discarded.allSatisfy { $0.discard == .time })
        #expect(run.advance(60).count == TradeTimeGate.capacity)
    }

    @Test("requested trades ahead of time are not passed on, and the others do not change the lead")
    func repairs() {
        var run = Run(offset: 0)
        let batch = run.batch(0, [(0, -900), (0, 55), (0, -800)], isRepair: true)
        let passed = run.gate.admit(batch)
        #expect(passed.flatMap(\.trades).map(\.id) == [1, 3])
        #expect(passed.map(\.isRepair) == [true])
        #expect(run.advance(60).isEmpty)
    }

    @Test("passed batches contain the venue's time")
    func present() {
        var run = Run(offset: 5)
        let batch = run.batch(0, [(0, 5.5)])
        #expect(run.gate.admit(batch).map(\.present) == [Self.start + 5 * Self.second])
    }
}
