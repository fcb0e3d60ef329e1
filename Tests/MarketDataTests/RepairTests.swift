import MarketData
import TestSupport
import Testing

/// After a repair, bars and gaps equal those of a run without missing trades.
@Suite struct RepairTests {
    @Test("Bars and gaps after a repair equal those of a run that missed nothing", arguments: 0..<60)
    func repair(seed: Int) throws {
        var generator = SeededRandom(seed: 900 + seed)
        let interval: Int64 = [15, 120, 800][seed % 3]
        let market = RandomMarket(instruments: 2, trades: 400, meanInterval: interval, using: &generator)
        var undisturbed = try pipeline()
        undisturbed.send(market.trades)
        var expected = StoredPipeline()
        expected.write(undisturbed.output)

        var store = StoredPipeline()
        var run = try pipeline()
        var missing: [Trade] = []
        let outage = Int.random(in: 50..<150, using: &generator)..<Int.random(in: 150..<350, using: &generator)
        for (index, trade) in market.trades.enumerated() {
            if index == outage.lowerBound { run.interrupt() }
            let isLost = outage.contains(index) || Int.random(in: 0..<30, using: &generator) == 0
            // The last trades show what is missing before them.
            if isLost, index > 10, index < 390 { missing.append(trade) } else { run.send(trade) }
            if index == 300, seed.isMultiple(of: 2) {
                store.write(run.output)
                run = try pipeline()
                for instrument in 0..<2 { store.resume(&run, instrument: instrument) }
            }
        }
        // Newest pages first, in the order of requests to the venue.
        for page in stride(from: missing.count, to: 0, by: -37).map({ missing[max(0, $0 - 37)..<$0] }) {
            run.repair(Array(page))
        }
        store.write(run.output)
        #expect(run.pipeline.missing.isEmpty)
        for instrument in 0..<2 { #expect(run.counts(of: instrument).unrepaired == 0) }
        #expect(Set(store.bars).symmetricDifference(expected.bars).isEmpty)
        let states = (0..<2).flatMap { store.gaps.gaps(of: $0).map(\.state) }
        #expect(states.allSatisfy { $0 == .repaired })
    }

    @Test(
        "Bars that closed as carried before a stream was found silent receive its missing trades",
        arguments: [7, 37, 500]
    )
    func foundLater(page: Int) throws {
        let silent: [Trade] = (2...100).map { .sample($0, at: $0 * 100) }
        let other: [Trade] = (1...9).map { .sample($0, at: $0 * 1000 + 50, of: 1) }
        var undisturbed = try pipeline()
        undisturbed.send(.sample(1, at: 100))
        undisturbed.send((silent + other).sorted { $0.time < $1.time })
        undisturbed.send(.sample(101, at: 30_000), .sample(10, at: 30_000, of: 1))
        var expected = StoredPipeline()
        expected.write(undisturbed.output)

        var run = try pipeline()
        run.send(.sample(1, at: 100))
        run.send(other)
        run.interrupt(0)
        // The newest trade shows what is missing before it.
        run.repair(Array(silent.suffix(1)))
        let missing = silent.dropLast()
        for page in stride(from: missing.count, to: 0, by: -page).map({ missing[max(0, $0 - page)..<$0] }) {
            run.repair(Array(page))
        }
        run.send(.sample(101, at: 30_000), .sample(10, at: 30_000, of: 1))
        var store = StoredPipeline()
        store.write(run.output)
        #expect(run.counts().unrepaired == 0)
        #expect(Set(store.bars).symmetricDifference(expected.bars).isEmpty)
    }

    @Test("A page of repaired ids changes few rows of gaps")
    func mergedChanges() throws {
        var run = try pipeline()
        run.send(.sample(1, at: 100), .sample(5000, at: 9000))
        let before = run.output.gapChanges.count
        run.repair((4001...4999).map { .sample($0, at: 8000) })
        #expect(run.output.gapChanges.count - before <= 3)
        run.repair((2...4000).map { .sample($0, at: 7000) })
        #expect(run.counts().unrepaired == 0)
    }

    @Test("Unrepairable ids stay a gap, do not count as requested, and are used if they still arrive")
    func givenUp() throws {
        var run = try pipeline()
        var ledger = IDGapLedger()
        run.send(.sample(1, at: 100), .sample(9, at: 2100), .sample(10, at: 6000))
        run.markUnrepairable(3...5)
        ledger.apply(run.output.gapChanges)
        #expect(
            ledger.statesByID() == [
                2: .open, 6: .open, 7: .open, 8: .open, 3: .unrepairable, 4: .unrepairable, 5: .unrepairable,
            ]
        )
        #expect(run.pipeline.missing.flatMap(\.gaps) == [6...8, 2...2])
        #expect(run.counts().unrepaired == 4)
        run.repair([.sample(2, at: 300)] + [6, 7, 8].map { .sample($0, at: 1900) })
        #expect(run.counts().unrepaired == 0)
        #expect(run.output.revisedBars.filter { $0.timeframe.label == "1s" }.allSatisfy { $0.slot >= 2 })
        run.repair([3, 4, 5].map { .sample($0, at: 1000) })
        #expect(run.counts().unrepaired == 0)
        #expect(
            Set(run.output.revisedBars.filter { $0.timeframe.label == "1s" }.map(\.slot)).isSuperset(of: [0, 1, 2])
        )
    }

    @Test("Trades that are late for a bar count, although their batch then closes hundreds of bars")
    func lateInFlood() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 100, price: 5))
        run.tick(1300)
        let rest: [Trade] = [.sample(2, at: 200, price: 7)] + (3...500).map { .sample($0, at: $0 * 1000) }
        run.send(batch: rest)
        #expect(run.counts().late == 1)
        let first = try #require(run.output.revisedBars.last { $0.slot == 0 })
        #expect(first.prices?.trades == 2)
        #expect(first.prices?.close == 7)
    }

    @Test("Candles fill the bars with missing trades, and no others")
    func candles() throws {
        var run = try pipeline()
        let second = try Timeframe.sample("1s")
        func candle(_ slot: Int64) -> Bar {
            Bar(
                instrument: InstrumentID(0),
                timeframe: second,
                slot: slot,
                state: .traded,
                origin: .klines,
                prices: .carried(7)
            )
        }
        run.send(.sample(1, at: 5100), .sample(2, at: 6100), .sample(9, at: 8100), .sample(10, at: 10_500))
        run.adopt((0...9).map(candle))
        #expect(run.output.revisedBars.map(\.slot) == [0, 1, 2, 3, 4, 6, 7, 8])
    }

    private func pipeline() throws -> PipelineRun {
        PipelineRun(instruments: 2, timeframes: try ["1s", "7s", "1m"].map { try .sample($0) }, carryLimit: 1000)
    }
}
