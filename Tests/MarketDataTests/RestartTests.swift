import MarketData
import TestSupport
import Testing

/// A run that was killed and started again ends with the same bars and gaps as one that was not.
@Suite struct RestartTests {
    @Test("Bars and gaps after a crash equal those of an undisturbed run", arguments: 0..<60)
    func crash(seed: Int) throws {
        var generator = SeededRandom(seed: 7000 + seed)
        let interval: Int64 = [15, 120, 800][seed % 3]
        let market = RandomMarket(instruments: 2, trades: 500, meanInterval: interval, using: &generator)
        let crash = Int.random(in: 20..<400, using: &generator)
        let arrivals = Self.disturbed(market.trades, repairsBefore: crash, using: &generator)

        var undisturbed = try pipeline()
        undisturbed.send(arrivals)
        undisturbed.finish(at: try #require(undisturbed.pipeline.now).microseconds / 1000)
        var expected = StoredPipeline()
        expected.write(undisturbed.output)

        var first = try pipeline()
        first.send(Array(arrivals[..<crash]))
        var store = StoredPipeline()
        store.write(first.output)
        var second = try pipeline()
        for instrument in 0..<2 { store.resume(&second, instrument: instrument) }
        // The venue sends some known trades again.
        second.send(Array(arrivals[max(0, crash - 10)...]))
        second.finish(at: try #require(undisturbed.pipeline.now).microseconds / 1000)
        store.write(second.output)

        #expect(store.bars == expected.bars)
        for instrument in 0..<2 {
            let states = try #require(store.gaps.statesByID(of: instrument), "two rows name one id")
            #expect(states == expected.gaps.statesByID(of: instrument))
            #expect(second.counts(of: instrument).unrepaired == undisturbed.counts(of: instrument).unrepaired)
        }
    }

    @Test("A second crash before the first new trade changes nothing")
    func crashesTwice() throws {
        var generator = SeededRandom(seed: 5)
        let market = RandomMarket(instruments: 2, trades: 300, meanInterval: 300, using: &generator)
        var undisturbed = try pipeline()
        undisturbed.send(market.trades)
        var store = StoredPipeline()
        var run = try pipeline()
        run.send(Array(market.trades[..<150]))
        for rest in [market.trades[150..<150], market.trades[150..<151], market.trades[151...]] {
            store.write(run.output)
            run = try pipeline()
            for instrument in 0..<2 { store.resume(&run, instrument: instrument) }
            run.send(Array(rest))
        }
        store.write(run.output)
        var expected = StoredPipeline()
        expected.write(undisturbed.output)
        #expect(store.bars == expected.bars)
    }

    private func pipeline() throws -> PipelineRun {
        PipelineRun(instruments: 2, timeframes: try ["1s", "7s", "1m"].map { try .sample($0) }, carryLimit: 1000)
    }

    /// Trades over a bad connection: some lost for good, some lost and fetched later, the rest a little out of order.
    /// Fetched trades arrive before the crash, and around it nothing is lost: a restarted run waits for the next id
    /// before it closes a bar, so that its bars would have more trades than those of a run that continues.
    private static func disturbed(
        _ trades: [Trade],
        repairsBefore crash: Int,
        using generator: inout SeededRandom
    ) -> [Trade] {
        var arrivals: [(key: Timestamp, trade: Trade)] = []
        var fetched: [Trade] = []
        var begun: Set<InstrumentID> = []
        for trade in trades {
            if begun.insert(trade.instrument).inserted {
                arrivals.append((trade.time, trade))
                continue
            }
            switch Int.random(in: 0..<12, using: &generator) {
            case 0 where abs(arrivals.count - crash) > 40: continue
            case 1 where arrivals.count < crash / 2: fetched.append(trade)
            default: arrivals.append((trade.time + .random(in: 0..<250_000, using: &generator), trade))
            }
        }
        arrivals.sort { ($0.key, $0.trade.id) < ($1.key, $1.trade.id) }
        var result = arrivals.map(\.trade)
        let place = min(result.count, crash * 3 / 4)
        result.insert(contentsOf: fetched.shuffled(using: &generator), at: place)
        return result
    }
}
