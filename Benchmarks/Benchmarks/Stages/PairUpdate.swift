import Benchmark
import Foundation
import MarketData
import PairEngine

/// Bars → readings: a thousand readings per iteration, one for each window that both legs' new bars reach.
///
/// Tests that fall due are made into jobs, copies of the window included, but run elsewhere and not here.
func registerPairUpdate() {
    let configuration = Benchmark.defaultConfiguration.scaled(by: .kilo)
    for windows in [[60], [240], [60, 240]] {
        let name = windows.map { "\($0)" }.joined(separator: " and ")
        Benchmark("pair update, window \(name)", configuration: configuration) { benchmark, market in
            let jobs = market.update(bars: benchmark.scaledIterations.count / windows.count)
            if jobs == 0 { benchmark.error("no test fell due") }
            if !market.hasReadings { benchmark.error("a reading is undefined") }
        } setup: {
            try PairMarket(windows: windows)
        }
    }
}

/// One pair at one timeframe, warm, and an endless sequence of its bars.
private final class PairMarket {
    private var engine: PairEngine
    private let timeframe: Timeframe
    private var prices: [(y: Double, x: Double)] = []
    private var slot: Int64 = 28_719_354

    enum Failure: Error {
        case timeframe
    }

    init(windows: [Int]) throws {
        guard let timeframe = Timeframe("1m") else { throw Failure.timeframe }
        self.timeframe = timeframe
        let definition = PairDefinition(
            name: "ETHUSDT-BTCUSDT",
            y: InstrumentID(1),
            x: InstrumentID(0),
            timeframes: [timeframe],
            windows: windows
        )
        engine = PairEngine(definitions: [definition], settings: EngineSettings())
        var random = RandomNumbers(seed: 7)
        var (x, spread) = (log(61_800), 0.0)
        for _ in 0..<4_096 {
            x += 5e-4 * random.normal()
            spread = 0.95 * spread + 3e-4 * random.normal()
            prices.append((y: exp(1.2 * x - 5.3 + spread), x: exp(x)))
        }
        _ = update(bars: 300)
    }

    var hasReadings: Bool {
        engine.readings.allSatisfy { $0.forecastZScore.value != nil && $0.returnCorrelation.value != nil }
    }

    /// Closes the next bars of both legs and returns how many tests fell due.
    func update(bars: Int) -> Int {
        var jobs = 0
        for _ in 0..<bars {
            let price = prices[Int(slot) & 4_095]
            engine.append(bar(InstrumentID(1), price.y))
            engine.append(bar(InstrumentID(0), price.x))
            let closeTime = timeframe.closeTime(of: slot)
            jobs += engine.advance(instruments: 0..<2, watermark: closeTime, now: closeTime).count
            slot += 1
        }
        return jobs
    }

    private func bar(_ instrument: InstrumentID, _ close: Double) -> Bar {
        let prices = BarPrices(open: close, high: close, low: close, close: close, volume: 1, trades: 10)
        return Bar(instrument: instrument, timeframe: timeframe, slot: slot, state: .traded, prices: prices)
    }
}
