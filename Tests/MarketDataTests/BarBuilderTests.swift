import MarketData
import TestSupport
import Testing

@Suite struct BarBuilderTests {
    private let instrument = InstrumentID(0)

    @Test("Bars are right-open and aligned to the epoch", arguments: ["1s", "7s", "1m", "45m"])
    func alignment(text: String) throws {
        let timeframe = try Timeframe.sample(text)
        let length = timeframe.microseconds / 1000
        var builder = try builder(text)
        let bars = build(
            &builder,
            [
                .sample(1, at: 100 * length, price: 10), .sample(2, at: 101 * length - 1, price: 11),
                .sample(3, at: 101 * length, price: 12),
            ],
            closedUpTo: 102 * length
        )
        #expect(bars.map(\.slot) == [100, 101])
        #expect(bars.map(\.prices?.open) == [10, 12])
        #expect(bars.map(\.prices?.close) == [11, 12])
        #expect(bars[0].openTime == .milliseconds(100 * length))
        #expect(bars[0].closeTime == .milliseconds(101 * length))
    }

    @Test("A bar closes when the watermark reaches its end, not before")
    func closing() throws {
        var builder = try builder("1s")
        #expect(build(&builder, [.sample(1, at: 500)], closedUpTo: 999).isEmpty)
        #expect(build(&builder, [], closedUpTo: 1000).map(\.slot) == [0])
        #expect(build(&builder, [], closedUpTo: 1000).isEmpty)
    }

    @Test("A bar has the first, highest, lowest and last price in time, the quantity and the count")
    func values() throws {
        var builder = try builder("1s")
        let bars = build(
            &builder,
            [
                .sample(3, at: 300, price: 7, quantity: 3), .sample(1, at: 100, price: 5, quantity: 1),
                .sample(4, at: 400, price: 6, quantity: 4), .sample(2, at: 200, price: 9, quantity: 2),
            ],
            closedUpTo: 1000
        )
        #expect(bars.map(\.prices) == [BarPrices(open: 5, high: 9, low: 5, close: 6, volume: 10, trades: 4)])
        #expect(bars.map(\.state) == [.traded])
        #expect(bars.map(\.origin) == [.trades])
    }

    @Test("Trades of one moment are in the order of their ids")
    func ties() throws {
        var builder = try builder("1s")
        let bars = build(
            &builder,
            [.sample(8, at: 500, price: 8), .sample(9, at: 500, price: 9), .sample(7, at: 500, price: 7)],
            closedUpTo: 1000
        )
        #expect(bars[0].prices?.open == 7)
        #expect(bars[0].prices?.close == 9)
    }

    @Test("Before the first close a trade of an earlier bar than the first one joins its bar")
    func firstTradesOutOfOrder() throws {
        var builder = try builder("1s")
        let bars = build(&builder, [.sample(2, at: 1050), .sample(1, at: 950)], closedUpTo: 2000)
        #expect(bars.map(\.slot) == [0, 1])
    }

    @Test("A trade of a closed bar is late, revises it and the bars that carry its close, and no other")
    func late() throws {
        var builder = try builder("1s")
        _ = build(&builder, [.sample(1, at: 500, price: 50)], closedUpTo: 1000)
        let isTaken = builder.add(.sample(2, at: 999, price: 77), price: 77)
        #expect(!isTaken)
        let bars = build(&builder, [], closedUpTo: 2000)
        #expect(bars.map(\.prices) == [.carried(77)])
        let span = Timestamp.milliseconds(999)..<Timestamp.milliseconds(1000)
        let revised = builder.revised(in: span, sequence: TradeSequence(instrument: instrument))
        #expect(revised.map(\.state) == [.traded, .carried])
        #expect(revised.map(\.prices?.close) == [77, 77])
        #expect(revised[0].prices?.trades == 2)
    }

    @Test("Later bars carry a late trade of a carried bar, and the age of the close counts from it")
    func lateIntoCarried() throws {
        var builder = try builder("1s", carryLimit: 3)
        _ = build(&builder, [.sample(1, at: 500, price: 50)], closedUpTo: 3000)
        _ = builder.add(.sample(2, at: 2500, price: 60), price: 60)
        _ = builder.add(.sample(3, at: 1500, price: 55), price: 55)
        let bars = build(&builder, [], closedUpTo: 10_000)
        #expect(bars.map(\.slot) == [3, 4, 5])
        #expect(bars.allSatisfy { $0.prices == .carried(60) })
    }

    @Test(
        "A close is carried up to the limit of bars, and then nothing is stored",
        arguments: [0, 1, 3, 20]
    )
    func carryLimit(limit: Int) throws {
        var builder = try builder("1s", carryLimit: limit)
        let bars = build(
            &builder,
            [.sample(1, at: 500, price: 50), .sample(2, at: 100_500, price: 60)],
            closedUpTo: 101_000
        )
        #expect(bars.map(\.slot) == Array(0...Int64(limit)) + [100])
        #expect(bars.map(\.state) == [.traded] + Array(repeating: .carried, count: limit) + [.traded])
        #expect(bars[1..<(limit + 1)].allSatisfy { $0.prices == .carried(50) })
    }

    @Test("The limit counts from the trade, however often the watermark moves")
    func carryLimitInSteps() throws {
        var builder = try builder("1s", carryLimit: 3)
        var bars = build(&builder, [.sample(1, at: 500)], closedUpTo: 1000)
        for second in 2...50 { bars += build(&builder, [], closedUpTo: Int64(second) * 1000) }
        #expect(bars.map(\.slot) == [0, 1, 2, 3])
    }

    @Test("Years without a trade are skipped, not processed bar by bar")
    func longSilence() throws {
        var builder = try builder("1s")
        let years: Int64 = 50 * 365 * 86_400_000
        let bars = build(&builder, [.sample(1, at: 0), .sample(2, at: years)], closedUpTo: 2 * years)
        #expect(bars.count == 21 + 21)
    }

    @Test("A trade at the end of time makes a bar and no trap", arguments: [Int64.min, Int64.min / 2, Int64.max / 2])
    func endsOfTime(microseconds: Int64) throws {
        var builder = try builder("7s")
        var trade = Trade.sample(1, at: 0)
        trade.time = Timestamp(microseconds: microseconds)
        _ = builder.add(trade, price: 1)
        var bars: [Bar] = []
        builder.close(
            upTo: Timestamp(microseconds: .max),
            sequence: TradeSequence(instrument: instrument),
            into: &bars
        )
        #expect(bars.count == 21)
    }

    @Test("A bar that overlaps missing trades is a gap, whether it traded or not")
    func gaps() throws {
        var builder = try builder("1s")
        var sequence = TradeSequence(instrument: instrument)
        var changes: [IDGapChange] = []
        for trade in [Trade.sample(1, at: 500), .sample(2, at: 1500), .sample(5, at: 3500), .sample(6, at: 4500)] {
            _ = sequence.admit(id: trade.id, time: trade.time, changes: &changes)
            _ = builder.add(trade, price: 1)
        }
        var bars: [Bar] = []
        builder.close(upTo: .milliseconds(5000), sequence: sequence, into: &bars)
        #expect(bars.map(\.state) == [.traded, .gap, .gap, .gap, .traded])
        #expect(bars.map { $0.prices == nil } == [false, true, true, true, false])
    }

    @Test("After a gap its newest known trade is carried")
    func carriesFromGap() throws {
        var builder = try builder("1s")
        var sequence = TradeSequence(instrument: instrument)
        var changes: [IDGapChange] = []
        for trade in [Trade.sample(1, at: 100, price: 10), .sample(3, at: 200, price: 30)] {
            _ = sequence.admit(id: trade.id, time: trade.time, changes: &changes)
            _ = builder.add(trade, price: trade.price.doubleValue)
        }
        var bars: [Bar] = []
        builder.close(upTo: .milliseconds(2000), sequence: sequence, into: &bars)
        #expect(bars.map(\.state) == [.gap, .carried])
        #expect(bars[1].prices == .carried(30))
    }

    @Test("A resumed builder gives the same bars as one that never stopped")
    func resumes() throws {
        let trades: [Trade] = [.sample(1, at: 500, price: 5), .sample(2, at: 2500, price: 7)]
        var whole = try builder("1s", carryLimit: 3)
        let expected = build(&whole, trades, closedUpTo: 9000)
        #expect(expected.map(\.slot) == [0, 1, 2, 3, 4, 5])
        for stop in 1...expected.count {
            var resumed = try builder("1s", carryLimit: 3)
            resumed.resume(after: Array(expected[..<stop]))
            let start = try #require(resumed.openTime)
            let bars = build(&resumed, trades.filter { $0.time >= start }, closedUpTo: 9000)
            #expect(expected[..<stop] + bars == expected[...])
        }
    }

    @Test("A resume after a gap needs the gap's trades, and then carries them")
    func resumesBehindGap() throws {
        let traded = Bar(
            instrument: instrument,
            timeframe: try .sample("1s"),
            slot: 0,
            state: .traded,
            prices: BarPrices(open: 1, high: 1, low: 1, close: 1, volume: 1, trades: 1)
        )
        var gap = traded
        (gap.slot, gap.state, gap.prices) = (1, .gap, nil)
        var builder = try builder("1s", carryLimit: 2)
        builder.resume(after: [traded, gap])
        #expect(builder.openTime == .milliseconds(1000))
        let bars = build(&builder, [.sample(7, at: 1700, price: 9)], closedUpTo: 9000)
        #expect(bars.map(\.slot) == [2, 3])
        #expect(bars.allSatisfy { $0.prices == .carried(9) })
    }

    @Test("Without bars a resume begins with the bar before the last trade's, which may not have closed")
    func resumesWithoutBars() throws {
        var builder = try builder("1m")
        builder.resume(after: [], lastTradeTime: .milliseconds(180_100))
        #expect(builder.openTime == .milliseconds(120_000))
        let trades: [Trade] = [.sample(1, at: 121_000), .sample(2, at: 150_000), .sample(3, at: 180_100)]
        let bars = build(&builder, trades, closedUpTo: 240_000)
        #expect(bars.map(\.prices?.trades) == [2, 1])
    }

    private func builder(_ timeframe: String, carryLimit: Int = 20) throws -> BarBuilder {
        BarBuilder(instrument: instrument, timeframe: try .sample(timeframe), carryLimit: carryLimit)
    }

    /// The bars that close after these trades when the watermark is at these milliseconds.
    private func build(_ builder: inout BarBuilder, _ trades: [Trade], closedUpTo milliseconds: Int64) -> [Bar] {
        for trade in trades { _ = builder.add(trade, price: trade.price.doubleValue) }
        var bars: [Bar] = []
        builder.close(
            upTo: .milliseconds(milliseconds),
            sequence: TradeSequence(instrument: instrument),
            into: &bars
        )
        return bars
    }
}
