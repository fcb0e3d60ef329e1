import TestSupport
import Testing

@testable import MarketData

/// Ids that do not continue the sequence.
@Suite struct NumberingTests {
    @Test("Ids that begin again with new times are a new numbering, of which no trade is lost", arguments: [0, 1, 17])
    func reset(firstID: Int64) throws {
        var run = try pipeline()
        run.send((0..<20).map { .sample(5_000_000 + $0, at: 1000 + 100 * $0) })
        run.send((0..<20).map { .sample(firstID + $0, at: 3000 + 100 * $0) })
        #expect(run.counts().numberingResets == 1)
        #expect(run.counts().trades == 40)
        #expect(run.counts().duplicates == 0)
        #expect(run.pipeline.numbering(of: InstrumentID(0)) == 1)
        let ids = run.output.trades.suffix(20).map(\.id)
        #expect(ids.map(TradeNumbering.venueID) == (0..<20).map { firstID + $0 })
        #expect(ids.allSatisfy { TradeNumbering.numbering(of: $0) == 1 })
        // Ids before the first one may exist.
        #expect(run.pipeline.missing.map(\.ids) == (firstID > 1 ? [0...(firstID - 1)] : []))
        #expect(run.pipeline.missing.allSatisfy { $0.mayBeginLater && $0.numbering == 1 })
    }

    @Test("Repeated trades are no reset, whatever their number, also after a restart")
    func replays() throws {
        var run = try pipeline()
        let trades: [Trade] = (0..<50).map { .sample(100 + $0, at: 1000 + 100 * $0) }
        run.send(trades)
        run.interrupt()
        run.send(trades)
        #expect(run.counts().duplicates == 50)
        var store = StoredPipeline()
        store.write(run.output)
        run = try pipeline()
        store.resume(&run, instrument: 0)
        run.send(trades + [.sample(150, at: 7000)])
        #expect(run.counts().duplicates == 50)
        #expect(run.counts().numberingResets == 0)
        #expect(run.counts().discarded[.id] == 0)
    }

    @Test("One or two old ids with new times begin no numbering; they are discarded and counted", arguments: [1, 2])
    func strays(count: Int64) throws {
        var run = try pipeline()
        run.send((0..<10).map { .sample(500 + $0, at: 1000 + 100 * $0) })
        run.send((0..<count).map { .sample(20 + $0, at: 2000 + $0) })
        run.send((10..<20).map { .sample(500 + $0, at: 1100 + 100 * $0) })
        #expect(run.counts().numberingResets == 0)
        #expect(run.counts().trades == 20)
        #expect(run.counts().discarded[.id] == Int(count))
    }

    @Test("A reset while the program was down is found, and the time before the first new trade is a gap")
    func whileDown() throws {
        var run = try pipeline()
        run.send((0..<20).map { .sample(5_000_000 + $0, at: 1000 + 100 * $0) })
        var store = StoredPipeline()
        store.write(run.output)
        run = try pipeline()
        store.resume(&run, instrument: 0)
        run.send((0..<30).map { .sample(17 + $0, at: 9000 + 100 * $0) })
        run.tick(13_000)
        #expect(run.counts().numberingResets == 1)
        #expect(run.counts().trades == 30)
        let seconds = run.bars().filter { $0.timeframe.label == "1s" }
        #expect(seconds.filter { $0.state == .gap }.map(\.slot).contains(5))
        #expect(seconds.filter { $0.state == .traded }.map(\.slot).contains(10))
        store.write(run.output)

        // The next run continues in the new numbering.
        run = try pipeline()
        store.resume(&run, instrument: 0)
        #expect(run.pipeline.numbering(of: InstrumentID(0)) == 1)
        run.send(.sample(47, at: 14_000), .sample(48, at: 14_100))
        #expect(run.counts().numberingResets == 0)
        #expect(run.counts().trades == 2)
        #expect(run.counts().missing == 0)
    }

    @Test("Missing ids of the numbering before become unrepairable, and ids that the new one does not have are removed")
    func gaps() throws {
        var run = try pipeline()
        run.send(.sample(100, at: 1000), .sample(110, at: 1100), .sample(111, at: 1200))
        run.send((0..<5).map { .sample(30 + $0, at: 3000 + 100 * $0) })
        #expect(run.pipeline.missing.map(\.ids) == [0...29])
        #expect(run.counts().unrepaired == 30)
        // An answer to a request in the numbering before is ignored.
        run.repair([.sample(105, at: 1050)], numbering: 0)
        #expect(run.counts().trades == 8)
        run.repair((10...29).map { .sample($0, at: 2500) }, numbering: 1)
        #expect(run.counts().unrepaired == 10)
        run.dismiss(0...9, numbering: 1)
        #expect(run.counts().unrepaired == 0)
        var ledger = IDGapLedger()
        ledger.apply(run.output.gapChanges)
        let states = ledger.gaps().filter { TradeNumbering.numbering(of: $0.firstID) == 0 }
        #expect(states.map(\.state) == [.unrepairable])
    }

    @Test(
        "One wrong id is quarantined and discarded: nothing is missing, and real gaps are still found",
        arguments: [(1 << 44) - 1, 1 << 43, 10_000_000] as [Int64]
    )
    func absurdID(id: Int64) throws {
        var run = try pipeline()
        run.send((0..<10).map { .sample(100 + $0, at: 1000 + 100 * $0) })
        run.send(.sample(id, at: 2000))
        run.send((10..<30).map { .sample(100 + $0, at: 1100 + 100 * $0) })
        run.send(.sample(135, at: 4000))
        #expect(run.counts().missing == 5)
        #expect(run.pipeline.missing.map(\.ids) == [130...134])
        #expect(run.counts().discarded[.id] == 1)
        #expect(run.counts().trades == 31)
        #expect(!run.output.trades.contains { $0.id == id })
    }

    @Test("Ids after a real jump are used once others confirm them")
    func jump() throws {
        var run = try pipeline()
        run.send((0..<10).map { .sample(100 + $0, at: 1000 + 100 * $0) })
        run.send((0..<10).map { .sample(7_000_000_000 + $0, at: 2000 + 100 * $0) })
        #expect(run.counts().trades == 20)
        #expect(run.counts().missing == 7_000_000_000 - 110)
        #expect(run.counts().discarded[.id] == 0)
        run.markUnrepairable(110...6_999_999_999)
        #expect(run.counts().unrepaired == 0)
    }

    @Test("After a long silence all ids that a venue can have assigned may be missing")
    func longSilence() throws {
        var run = try pipeline()
        run.send(.sample(100, at: 1000), .sample(3_000_000, at: 3_601_000))
        #expect(run.counts().trades == 2)
        #expect(run.counts().missing == 2_999_899)
    }

    @Test("A time more than an hour later makes no more ids plausible than an hour does")
    func laterTime() throws {
        var run = try pipeline()
        let month: Int64 = 51 * 86_400_000
        run.send(.sample(100, at: 1000), .sample(4_400_000_000, at: month))
        run.send((1..<10).map { .sample(100 + $0, at: 1000 + 100 * $0) })
        #expect(run.counts().missing == 0)
        #expect(run.counts().discarded[.id] == 1)
        #expect(run.counts().trades == 10)
    }

    @Test("A venue that mixes two numberings does not begin a new one each moment")
    func mixed() throws {
        var run = try pipeline()
        for step in Int64(0)..<200 {
            run.send(.sample(1_000_000 + step, at: 1000 + 10 * step))
            run.send(.sample(10 + step, at: 1005 + 10 * step))
        }
        #expect(run.counts().numberingResets <= 1)
    }

    @Test("Gaps close together are requested as one span, and no more than a thousand spans at a time")
    func spans() throws {
        var run = try pipeline()
        run.send((0..<2000).map { .sample(2 * $0, at: 1000 + $0) })
        let missing = run.pipeline.missing
        #expect(missing.count == 4)
        #expect(missing.reduce(0) { $0 + $1.gaps.count } == 1999)
        #expect(missing.first?.ids == 3001...3997)
        run.send((0..<1100).map { .sample(10_000 + 2000 * $0, at: 4000 + 2000 * $0) })
        #expect(run.pipeline.missing.count == 1000)
    }

    private func pipeline() throws -> PipelineRun {
        PipelineRun(timeframes: try ["1s", "1m"].map { try .sample($0) }, carryLimit: 100)
    }
}
