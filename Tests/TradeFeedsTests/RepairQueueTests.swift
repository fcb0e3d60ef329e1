import MarketData
import Testing

@testable import TradeFeeds

@Suite struct RepairQueueTests {
    private let start = ContinuousClock.now
    private let horizon = Timestamp(microseconds: 0)

    @Test("Missing ids are requested after a time for trades out of order, the newest first")
    func order() {
        var queue = RepairQueue()
        let known = [span(10...19, before: 5), span(30...39, before: 9), span(20...29, before: 7)]
        #expect(queue.next(of: known, from: horizon, at: start) == nil)
        #expect(queue.next(of: known, from: horizon, at: start + .milliseconds(400)) == nil)
        #expect(queue.next(of: known, from: horizon, at: start + .milliseconds(500))?.span.ids == 30...39)
    }

    @Test("Failed attempts are repeated at growing intervals, with others in between")
    func failedAttempts() {
        var queue = RepairQueue()
        let known = [span(10...19, before: 5), span(30...39, before: 9)]
        _ = queue.next(of: known, from: horizon, at: start)
        var now = start
        var attempts: [Int64: Int] = [:]
        for _ in 0..<400 {
            now += .milliseconds(250)
            guard let request = queue.next(of: known, from: horizon, at: now) else { continue }
            #expect(request.failedAttempts == attempts[request.span.ids.lowerBound, default: 0])
            attempts[request.span.ids.lowerBound, default: 0] += 1
            queue.recordFailure(request, at: now)
        }
        // The intervals are 1, 2, 4, 8, 16 and then 30 seconds.
        #expect(attempts == [10: 8, 30: 8])
    }

    @Test("Ids detected as missing after the first attempt are not given up with the others")
    func through() {
        var queue = RepairQueue()
        _ = queue.next(of: [span(10...19, before: 5)], from: horizon, at: start)
        let later = start + .seconds(1)
        let request = queue.next(of: [span(10...99, before: 9)], from: horizon, at: later)
        #expect(request?.through == 19)
    }

    @Test("Trades before the horizon are not requested, separately for each numbering")
    func horizons() {
        var queue = RepairQueue()
        let old = span(10...19, before: 5)
        let known = [old, span(10...19, before: 8, numbering: 1)]
        _ = queue.next(of: known, from: horizon, at: start)
        let now = start + .seconds(1)
        #expect(queue.next(of: [old], from: Timestamp(microseconds: 6_000_000), at: now) == nil)
        _ = queue.next(of: known, from: horizon, at: now)
        queue.setFloor(15, of: old)
        let later = now + .seconds(1)
        #expect(queue.next(of: [old], from: horizon, at: later)?.span.ids == nil)
        #expect(queue.next(of: [old], from: horizon, at: later + .seconds(1))?.span.ids == 15...19)
        _ = queue.next(of: known, from: horizon, at: later + .seconds(2))
        #expect(queue.next(of: known, from: horizon, at: later + .seconds(3))?.span.numbering == 1)
    }

    @Test("Only the missing trades of an answer are used")
    func answers() {
        let span = RepairRequest(
            instrument: InstrumentID(0),
            ids: 10...30,
            before: horizon,
            gaps: [28...30, 20...20, 10...12]
        )
        let trades = (Int64(5)...35).map { id in
            Trade(
                instrument: InstrumentID(0),
                id: id,
                time: horizon,
                price: FixedDecimal(mantissa: 1, scale: 0),
                quantity: FixedDecimal(mantissa: 1, scale: 0),
                takerSide: .buy
            )
        }
        #expect(span.missing(of: trades).map(\.id) == [10, 11, 12, 20, 28, 29, 30])
    }

    private func span(_ ids: ClosedRange<Int64>, before seconds: Int64, numbering: Int64 = 0) -> RepairRequest {
        RepairRequest(
            instrument: InstrumentID(0),
            ids: ids,
            before: Timestamp(microseconds: seconds * 1_000_000),
            numbering: numbering
        )
    }
}
