import Testing

@testable import MarketData

/// Trades of a venue whose ids only order them: several trades of one match share an id.
@Suite struct ArrivalNumberingTests {
    private let second: Timeframe

    init() throws {
        second = try #require(Timeframe("1s"))
    }

    private func run() -> PipelineRun {
        PipelineRun(timeframes: [second], hasConsecutiveIDs: false)
    }

    @Test("trades are numbered by arrival, and jumps of the venue's numbers are no gaps")
    func numbering() {
        var run = run()
        run.send(.sample(900, at: 1000), .sample(816_281_670_081, at: 1100), .sample(816_281_699_000, at: 1200))
        #expect(run.output.trades.map(\.id) == [1, 2, 3])
        #expect(run.counts().missing == 0 && run.counts().gaps == 0 && run.pipeline.missing.isEmpty)
        #expect(run.output.gapChanges.isEmpty)
    }

    @Test("all trades of one match are new, also equal ones")
    func match() {
        var run = run()
        run.send(batch: [.sample(7, at: 1000), .sample(7, at: 1000), .sample(7, at: 1000, price: 101)])
        #expect(run.output.trades.map(\.id) == [1, 2, 3])
        #expect(run.counts().duplicates == 0)
    }

    @Test("what a second connection or a request repeats is not new")
    func repeated() {
        var run = run()
        let match: [Trade] = [.sample(7, at: 1000), .sample(7, at: 1000), .sample(7, at: 1000, price: 101)]
        run.send(batch: match)
        run.send(batch: match)
        run.send(.sample(6, at: 900))
        run.repair([.sample(7, at: 1000, price: 101)])
        #expect(run.output.trades.count == 3)
        #expect(run.counts().duplicates == 5)
        // The first connection delivers the rest of a match whose newest trade was requested before.
        run.repair([.sample(9, at: 1500, price: 103)])
        run.send(batch: [.sample(9, at: 1500, price: 102), .sample(9, at: 1500, price: 103)])
        #expect(run.output.trades.map(\.price.mantissa) == [100, 100, 101, 103, 102])
    }

    @Test("a lower number of a later trade is a restart of the venue's numbers")
    func restart() {
        var run = run()
        run.send(.sample(1_000_000, at: 1000), .sample(5, at: 2000), .sample(6, at: 2100))
        #expect(run.output.trades.map(\.id) == [1, 2, 3])
        #expect(run.counts().numberingResets == 0)
    }

    @Test("records that are not trades are counted, and one whose time is not accepted has no id")
    func discarded() {
        var run = run()
        run.send(
            .sample(1, at: 1000),
            .sample(2, at: 1100, discard: .orderType),
            .sample(3, at: 90_000, discard: .time),
            .sample(-1, at: 1200),
            .sample(4, at: 1300)
        )
        #expect(run.output.trades.map(\.id) == [1, 3])
        #expect(run.counts().discarded[.orderType] == 1)
        #expect(run.counts().discarded[.time] == 1 && run.counts().discarded[.id] == 1)
        #expect(run.counts().missing == 0)
    }

    @Test("bars of an interruption are gaps until the venue's candles replace them")
    func interruption() throws {
        var run = run()
        run.send((0..<5).map { .sample(10 + $0, at: 1000 + 500 * $0) })
        run.tick(3100, isFlowing: false)
        run.send((0..<8).map { .sample(50 + $0, at: 5200 + 500 * $0) })
        // The last trade before is in slot 3, the first one after in slot 5.
        #expect(
            run.barTexts().prefix(6) == ["1:traded@100", "2:traded@100", "3:gap", "4:gap", "5:gap", "6:traded@100"]
        )
        #expect(run.counts().missing == 0 && run.pipeline.missing.isEmpty)
        let prices = BarPrices(open: 1, high: 3, low: 1, close: 2, volume: 4, trades: 1)
        run.adopt(
            (3...5).map {
                Bar(
                    instrument: InstrumentID(0),
                    timeframe: second,
                    slot: $0,
                    state: .traded,
                    origin: .klines,
                    prices: prices
                )
            }
        )
        #expect(run.output.revisedBars.map(\.slot) == [3, 4, 5])
    }

    @Test("an interruption in which the venue had no trade leaves no gap")
    func quiet() {
        var run = run()
        run.send((0..<5).map { .sample(10 + $0, at: 1000 + 500 * $0) })
        run.tick(3100, isFlowing: false)
        run.confirm()
        run.send((0..<8).map { .sample(50 + $0, at: 5200 + 500 * $0) })
        #expect(run.bars().allSatisfy { $0.state != .gap })
    }

    @Test("after a restart the numbers continue, and only later trades are new")
    func resume() throws {
        var run = run()
        run.send((0..<5).map { .sample(10 + $0, at: 1000 + 500 * $0) })
        var store = StoredPipeline()
        store.write(run.output)
        run = self.run()
        store.resume(&run, instrument: 0)
        run.send(.sample(14, at: 3000), .sample(50, at: 6200), .sample(51, at: 8000))
        #expect(run.output.trades.map(\.id) == [6, 7])
        #expect(run.counts().duplicates == 1)
        #expect(run.bars().contains { $0.state == .gap })
    }

    @Test("a stream without consecutive ids is not numbered")
    func names() {
        #expect(!TradeStream.isNumbered("publicTrade"))
        #expect(TradeStream.isNumbered("trade") && !TradeStream.isNumbered("file-1234"))
    }

    @Test("the greatest of ids that only ascend is followed over any jump and a restart")
    func followed() {
        var followed = FollowedID(isConsecutive: false)
        for (id, time, last) in [(5, 1000, 5), (900_000_000, 1001, 900_000_000), (7, 900, 900_000_000), (3, 2000, 3)]
            as [(Int64, Int64, Int64)]
        {
            followed.follow(.sample(id, at: time))
            #expect(followed.lastID == last)
        }
    }
}
