import MarketData
import TestSupport
import Testing

/// Bars depend on the trades, not on the order in which they arrive.
@Suite struct TradeOrderTests {
    @Test("Shuffled within lateness, trades give the bars of the sorted ones", arguments: 0..<60)
    func shuffles(seed: Int) throws {
        var generator = SeededRandom(seed: seed)
        let interval: Int64 = [20, 150, 900][seed % 3]
        let market = RandomMarket(instruments: 2, trades: 400, meanInterval: interval, using: &generator)
        // The first trade of each instrument stays first: ids below it would be unknown to the pipeline, not out of
        // order.
        var begun: Set<InstrumentID> = []
        let shuffled =
            market.trades
            .map { trade in
                let isFirst = begun.insert(trade.instrument).inserted
                return (trade, trade.time + (isFirst ? 0 : .random(in: 0..<250_000, using: &generator)))
            }
            .sorted { ($0.1, $0.0.id) < ($1.1, $1.0.id) }
            .map(\.0)

        let expected = try run(market.trades)
        let found = try run(shuffled)
        for instrument in 0..<2 {
            let bars = Self.ordered(expected.bars(of: instrument))
            #expect(bars.count > 5)
            #expect(Self.difference(Self.ordered(found.bars(of: instrument)), bars) == nil)
            #expect(found.counts(of: instrument).late == 0)
            #expect(found.counts(of: instrument).unrepaired == 0)
        }
        #expect(found.output.trades != expected.output.trades)
    }

    @Test("Duplicates change nothing but their counter", arguments: 0..<20)
    func duplicates(seed: Int) throws {
        var generator = SeededRandom(seed: 1000 + seed)
        let market = RandomMarket(instruments: 2, trades: 300, meanInterval: 200, using: &generator)
        var doubled: [Trade] = []
        for trade in market.trades {
            doubled.append(trade)
            if Bool.random(using: &generator), let earlier = doubled.randomElement(using: &generator) {
                doubled.append(earlier)
            }
        }
        let expected = try run(market.trades)
        let found = try run(doubled)
        #expect(Self.difference(found.output.bars, expected.output.bars) == nil)
        #expect(found.output.trades == market.trades)
        let counted = (0..<2).reduce(0) { $0 + found.counts(of: $1).duplicates }
        #expect(counted == doubled.count - market.trades.count)
    }

    private func run(_ trades: [Trade]) throws -> PipelineRun {
        var run = PipelineRun(instruments: 2, timeframes: try ["1s", "7s", "1m"].map { try .sample($0) })
        run.send(trades)
        run.finish(at: try #require(run.pipeline.now).microseconds / 1000)
        return run
    }

    /// By timeframe, since the moments at which bars of different lengths close depend on the order of the trades.
    private static func ordered(_ bars: [Bar]) -> [Bar] {
        bars.sorted { ($0.timeframe, $0.slot) < ($1.timeframe, $1.slot) }
    }

    /// The first place at which bars differ.
    private static func difference(_ found: [Bar], _ expected: [Bar]) -> String? {
        for (bar, other) in zip(found, expected) where bar != other { return "\(bar) instead of \(other)" }
        return found.count == expected.count ? nil : "\(found.count) bars instead of \(expected.count)"
    }
}
