import Foundation
import MarketData
import PairStatistics
import TestSupport
import Testing

@testable import PairEngine

@Suite struct TickCorrelatorTests {
    private static let horizon: Int64 = 900_000_000

    private func definition(_ y: Int, _ x: Int) throws -> PairDefinition {
        let timeframe = try #require(Timeframe("1m"))
        return PairDefinition(
            name: "\(y)-\(x)",
            y: InstrumentID(y),
            x: InstrumentID(x),
            timeframes: [timeframe],
            windows: [60]
        )
    }

    /// Trades of three instruments, the last a thin one, at times of their own from 0 on.
    private func trades(until end: Int64, seed: Int = 1) throws -> [Trade] {
        var random = SeededRandom(seed: seed)
        var prices: [Int64] = [3_000_00, 60_000_00, 100_00]
        var trades: [Trade] = []
        var time: Int64 = 0
        while time < end {
            let common = Int64.random(in: -9...9, using: &random)
            for instrument in 0..<3 where instrument < 2 || Int.random(in: 0..<5, using: &random) == 0 {
                prices[instrument] += common * prices[instrument] / 40_000 + Int64.random(in: -3...3, using: &random)
                trades.append(
                    Trade(
                        instrument: InstrumentID(instrument),
                        id: Int64(trades.count),
                        time: Timestamp(microseconds: time + Int64.random(in: 0..<300_000, using: &random)),
                        price: FixedDecimal(mantissa: prices[instrument], scale: 2),
                        quantity: FixedDecimal(mantissa: 1, scale: 0),
                        takerSide: .buy
                    )
                )
            }
            time += 400_000
        }
        return trades.sorted { $0.time < $1.time }
    }

    /// The correlation of the last trades of each second since a moment, from scratch.
    private func expected(
        _ trades: ArraySlice<Trade>,
        _ definition: PairDefinition,
        since edge: Timestamp
    ) throws -> Double {
        let legs = [definition.x, definition.y].map { leg in
            trades.filter { $0.instrument == leg && $0.time >= edge }.map {
                TimedValue(time: $0.time.microseconds, value: log($0.price.doubleValue))
            }
        }
        return try HayashiYoshida(x: legs[0], y: legs[1], interval: TickCorrelator.samplingInterval).correlation
    }

    @Test("Renewed at each ninetieth of the horizon, from the trades of the horizon")
    func renewal() throws {
        let definitions = [try definition(0, 1), try definition(2, 1)]
        var correlator = TickCorrelator(definitions: definitions, horizon: Self.horizon)
        #expect(correlator.correlations == [.failure(.warmingUp), .failure(.warmingUp)])
        let trades = try trades(until: 2 * Self.horizon)
        var taken = 0
        for renewal in 1...180 as ClosedRange<Int64> {
            let now = Timestamp(microseconds: renewal * 10_000_000)
            let news = trades[taken...].prefix { $0.time < now }
            correlator.append(Array(news))
            taken += news.count
            let before = correlator.correlations
            correlator.advance(to: now - 1)
            #expect(correlator.correlations == before || renewal == 1)
            correlator.advance(to: now)
            guard renewal % 20 == 0 else { continue }
            for (definition, correlation) in zip(definitions, correlator.correlations) {
                let expected = try expected(trades[..<taken], definition, since: now - Self.horizon)
                #expect(abs(try correlation.get() - expected) < 1e-12)
            }
        }
        #expect(try correlator.correlations[0].get() > 0.5)
        // Nothing was traded for longer than the horizon.
        correlator.advance(to: Timestamp(microseconds: 4 * Self.horizon))
        #expect(correlator.correlations == [.failure(.tooFew), .failure(.tooFew)])
    }

    @Test("A renewal that is too long for one call continues in the next ones")
    func budget() throws {
        let definitions = [try definition(0, 1), try definition(2, 1), try definition(0, 2)]
        var atOnce = TickCorrelator(definitions: definitions, horizon: Self.horizon)
        let trades = try trades(until: 300_000_000)
        atOnce.append(trades)
        var inParts = atOnce
        let now = Timestamp(microseconds: 300_000_000)
        atOnce.advance(to: now, budget: .max)
        var calls = 0
        while inParts.correlations.contains(.failure(.warmingUp)), calls < 1000 {
            inParts.advance(to: now, budget: 50)
            calls += 1
        }
        #expect(inParts.correlations == atOnce.correlations)
        #expect(calls > 20)
    }

    /// A correlator after more than its horizon of ticks, these ticks, and their times.
    private func warm(_ definition: PairDefinition) throws -> (TickCorrelator, [Trade], Timestamp) {
        var correlator = TickCorrelator(definitions: [definition], horizon: Self.horizon)
        correlator.add((0..<3).map { InstrumentID($0) })
        let now = Timestamp(microseconds: 1_200_000_000)
        let trades = try trades(until: now.microseconds)
        correlator.append(trades)
        correlator.advance(to: now)
        return (correlator, trades, now)
    }

    @Test("After a replacement a pair that stays keeps its value, a new one has the complete horizon at once")
    func replacement() throws {
        let kept = try definition(0, 1)
        var (correlator, trades, now) = try warm(kept)
        let before = correlator.correlations[0]
        let new = try definition(1, 2)
        correlator.replace(definitions: [new, kept], horizon: Self.horizon)
        #expect(correlator.correlations == [.failure(.warmingUp), before])
        correlator.advance(to: now)
        #expect(correlator.correlations[1] == before)
        let expected = try expected(trades[...], new, since: now - Self.horizon)
        #expect(abs(try correlator.correlations[0].get() - expected) < 1e-12)
    }

    @Test("Another horizon counts from the next renewal on", arguments: [100_000_000, 450_000_000] as [Int64])
    func horizon(next: Int64) throws {
        let definition = try definition(0, 1)
        var (correlator, trades, now) = try warm(definition)
        let before = correlator.correlations
        correlator.replace(definitions: [definition], horizon: next)
        #expect(correlator.correlations == before)
        #expect(correlator.horizon == next)
        correlator.advance(to: now)
        // Of complete ninetieths and the one that has begun.
        let part = (next + 89) / 90
        let edge = now.microseconds - now.microseconds % part - 90 * part
        let expected = try expected(trades[...], definition, since: Timestamp(microseconds: edge))
        #expect(abs(try correlator.correlations[0].get() - expected) < 1e-12)
    }
}
