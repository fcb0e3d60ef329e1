import MarketData
import TestSupport
import Testing

@Suite struct BarPipelineTests {
    @Test("Counters start at zero for every label value")
    func zeros() throws {
        let run = PipelineRun(timeframes: [try .sample("1s"), try .sample("1m")])
        #expect(run.counts().discarded == Dictionary(uniqueKeysWithValues: DiscardReason.allCases.map { ($0, 0) }))
        #expect(run.counts().bars[try .sample("1m")] == [.traded: 0, .carried: 0, .gap: 0])
        #expect(run.counts().bars.count == 2)
    }

    @Test("Every record is counted once, by its kind")
    func counts() throws {
        var run = PipelineRun(timeframes: [try .sample("1s"), try .sample("1m")])
        run.send(
            .sample(10, at: 500, price: 5, quantity: 2),
            .sample(10, at: 500, price: 5, quantity: 2),
            .sample(9, at: 400),
            .sample(14, at: 600, price: 6, quantity: 3),
            .sample(12, at: 550, price: 7, quantity: 4),
            .sample(15, at: 1700, price: 8),
            .sample(13, at: 650, price: 9),
            .sample(16, at: 1800, discard: .orderType)
        )
        let counts = run.counts()
        #expect(counts.trades == 5)
        #expect(counts.volume == 11)
        #expect(counts.lastPrice == 8)
        #expect(counts.lastTradeTime == .milliseconds(1700))
        #expect(counts.duplicates == 2)
        #expect(counts.gaps == 1)
        #expect(counts.missing == 3)
        #expect(counts.repaired == 2)
        #expect(counts.unrepaired == 1)
        #expect(counts.late == 1)
        #expect(counts.discarded[.orderType] == 1)
        #expect(run.output.trades.map(\.id) == [10, 14, 12, 15, 13])
    }

    @Test("Ids out of range are counted and have no other effect", arguments: [-1, Int64.min, 1 << 44, Int64.max])
    func idOutOfRange(id: Int64) throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500), .sample(id, at: 9_000_000), .sample(2, at: 700))
        #expect(run.counts().discarded[.id] == 1)
        #expect(run.counts().missing == 0)
        #expect(run.output.trades.map(\.id) == [1, 2])
        #expect(run.output.bars.isEmpty)
        #expect(run.output.gapChanges.isEmpty)
    }

    @Test(
        "A price of zero or less and a quantity below zero are no trade, whatever their source",
        arguments: [(0, 1, .price), (-5, 1, .price), (5, -1, .quantity)] as [(Int64, Int64, DiscardReason)]
    )
    func faults(price: Int64, quantity: Int64, reason: DiscardReason) throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: price, quantity: quantity), .sample(2, at: 2000))
        #expect(run.counts().discarded[reason] == 1)
        #expect(run.output.trades.map(\.id) == [2])
        #expect(run.output.bars.isEmpty)
        #expect(run.output.gapChanges.count == 1)
    }

    @Test("A record that is not a trade makes no bar, but its id counts and its time moves the watermark")
    func discardedMovesWatermark() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 5), .sample(2, at: 1900, price: 9, discard: .orderType))
        #expect(run.barTexts() == ["0:traded@5"])
        run.send(.sample(3, at: 3500, price: 6))
        #expect(run.barTexts() == ["0:traded@5", "1:carried@5", "2:carried@5"])
        #expect(run.counts().gaps == 0)
    }

    @Test("Closed bars are counted by timeframe and state")
    func barCounts() throws {
        var run = PipelineRun(timeframes: [try .sample("1s"), try .sample("1m")])
        run.send(.sample(1, at: 500), .sample(2, at: 2500), .sample(4, at: 4500), .sample(5, at: 120_500))
        #expect(run.counts().bars[try .sample("1s")] == [.traded: 1, .carried: 21, .gap: 3])
        #expect(run.counts().bars[try .sample("1m")] == [.traded: 0, .carried: 1, .gap: 1])
    }

    @Test("After a resume the last price, the open gaps and the age of the close are those of the run before")
    func resumes() throws {
        let second = try Timeframe.sample("1s")
        let prices = BarPrices(open: 5, high: 5, low: 5, close: 5, volume: 1, trades: 1)
        let bar = Bar(instrument: InstrumentID(0), timeframe: second, slot: 7, state: .traded, prices: prices)
        let gap = TimedIDGap(firstID: 3, lastID: 4, after: .milliseconds(6100), before: .milliseconds(6300))
        var run = PipelineRun(timeframes: [second], carryLimit: 2)
        run.resume(0) { $0.resume(last: .sample(9, at: 7200, price: 5), openGaps: [gap], bars: [second: [bar]]) }
        #expect(run.counts().lastPrice == 5)
        #expect(run.counts().lastTradeTime == .milliseconds(7200))
        #expect(run.counts().unrepaired == 2)
        #expect(run.pipeline.pipelines[0].openTime == .milliseconds(7000))

        run.send(.sample(9, at: 7200), .sample(3, at: 6200), .sample(10, at: 20_000, price: 6))
        #expect(run.counts().duplicates == 1)
        #expect(run.counts().unrepaired == 1)
        #expect(run.counts().late == 1)
        #expect(run.barTexts() == ["8:carried@5", "9:carried@5"])
    }

    @Test("Ids that an earlier run discarded after its last trade are no gap")
    func resumeBeyondDiscarded() throws {
        var run = PipelineRun(timeframes: [try Timeframe.sample("1s")], carryLimit: 2)
        run.resume(0) {
            $0.resume(last: .sample(9, at: 7200, price: 5), lastKnownID: 12, openGaps: [], bars: [:])
        }
        run.send(.sample(13, at: 7300))
        #expect(run.counts().missing == 0)
        run.send(.sample(15, at: 7400))
        #expect(run.counts().missing == 1)
    }
}
