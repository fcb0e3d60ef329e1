import Foundation
import MarketData
import PairEngine
import SimulatedPairs

/// Cointegrated pairs in a market in which nothing happens.
///
/// A pair is warmed with the history that the program uses. Then its bars close one after another, and its tests end
/// before the next bar closes.
enum QuietDay {
    /// 2024-08-09T00:00:00Z: every timeframe begins there.
    private static let start = Timestamp(microseconds: 1_723_161_600_000_000)
    /// The half-lives of the pairs in bars of the shortest timeframe, and the correlations of their returns.
    private static let halfLives = (least: 8.0, most: 30.0)
    private static let correlations = (least: 0.6, most: 0.95)

    static func write(_ options: Options) async {
        await AlertLoad.write(count: options.seeds * options.pairs, jobs: options.jobs) { number in
            lines(options, pair: number % options.pairs, seed: options.seed + UInt64(number / options.pairs))
        }
    }

    private static func lines(_ options: Options, pair number: Int, seed: UInt64) -> [String] {
        // Half-lives are evenly spaced in their logarithm; multiples of the golden ratio spread correlations over them.
        let place = (Double(number) + 0.5) / Double(options.pairs)
        let halfLife = halfLives.least * pow(halfLives.most / halfLives.least, place)
        let turn = (Double(number) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
        let correlation = correlations.least + turn * (correlations.most - correlations.least)
        let name = String(format: "P%02d", number)

        let base = options.timeframes[0]
        let bars = Int(Int64(options.hours) * 3_600_000_000 / base.microseconds)
        let longest = options.timeframes.map(\.microseconds).max() ?? base.microseconds
        let past =
            PairEngine.historyLength(window: options.windows.max() ?? 0) * Int(longest / base.microseconds)
        let pair = SimulatedPair(
            options.law,
            .cointegrated(halfLife: halfLife, correlation: correlation),
            bars: past + bars,
            seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number) &* 0xD134_2543_DE82_EF95
        )
        let market = Market(pair: pair, base: base, firstSlot: base.slot(of: start) - Int64(past))
        var log = ChangeLog(seed: seed, start: start)
        log.write(
            "pair",
            at: start,
            "\"pair\": \"\(name)\", \"half_life\": \(halfLife), \"correlation\": \(correlation)"
        )
        var lines = log.lines
        // Windows do not depend on each other, so each is warmed with no more history than it needs.
        for window in options.windows {
            let definition = options.definition(name, y: InstrumentID(0), x: InstrumentID(1), windows: [window])
            lines += changes(definition, of: market, bars: bars, seed: seed)
        }
        return lines
    }

    private static func changes(_ definition: PairDefinition, of market: Market, bars: Int, seed: UInt64) -> [String] {
        var engine = PairEngine(definitions: [definition], settings: EngineSettings())
        for timeframe in definition.timeframes {
            let count = engine.historyLength(timeframe: timeframe)
            engine.warm(with: market.bars(timeframe, endingAt: start, count: count))
        }
        var log = ChangeLog(seed: seed, start: start)
        log.record(engine, now: start) { _ in false }
        var now = start
        for _ in 0..<bars {
            now = now + market.base.microseconds
            for timeframe in definition.timeframes where timeframe.openTime(of: timeframe.slot(of: now)) == now {
                for bar in market.bars(timeframe, endingAt: now, count: 1) { engine.append(bar) }
            }
            var jobs = engine.advance(instruments: [InstrumentID(0), InstrumentID(1)], watermark: now, now: now)
            while let job = jobs.popLast() {
                if let next = engine.complete(job, job.run()) { jobs.append(next) }
            }
            log.record(engine, now: now) { _ in false }
            log.count(engine, now: now)
        }
        log.writeCounts(engine, now: now)
        return log.lines
    }
}

/// The prices of a pair as bars of any timeframe.
private struct Market {
    let pair: SimulatedPair
    /// The timeframe of the simulated prices.
    let base: Timeframe
    /// The slot of the first price.
    let firstSlot: Int64

    /// The last bars of both legs that end by then, oldest first: each closes at the last price in it.
    func bars(_ timeframe: Timeframe, endingAt end: Timestamp, count: Int) -> [Bar] {
        let next = timeframe.slot(of: end)
        return (next - Int64(count)..<next).flatMap { slot in
            let last = Int(base.slot(of: timeframe.closeTime(of: slot)) - 1 - firstSlot)
            return [pair.y, pair.x].enumerated().map { leg, values in
                let price = exp(values[last])
                return Bar(
                    instrument: InstrumentID(leg),
                    timeframe: timeframe,
                    slot: slot,
                    state: .traded,
                    prices: BarPrices(open: price, high: price, low: price, close: price, volume: 1, trades: 1)
                )
            }
        }
    }
}
