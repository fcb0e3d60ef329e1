import Foundation
import MarketData
import PairEngine

/// One pair at one timeframe, warm, and an endless sequence of its bars.
final class PairMarket {
    private var engine: PairEngine
    private let timeframe: Timeframe
    private var prices: [(y: Double, x: Double)] = []
    private var slot: Int64 = 28_719_354
    /// One result of each reading, which is used for all later ones: tests run elsewhere and have a stage of their own.
    private var results: [Int: TestResult] = [:]

    init(windows: [Int]) {
        let timeframes = ["1m"].compactMap(Timeframe.init)
        timeframe = timeframes[0]
        let definition = PairDefinition(
            name: "ETHUSDT-BTCUSDT",
            y: InstrumentID(1),
            x: InstrumentID(0),
            timeframes: timeframes,
            windows: windows
        )
        engine = PairEngine(definitions: [definition], settings: EngineSettings())
        var random = RandomNumbers(seed: 7)
        var (x, spread) = (log(61_800.0), 0.0)
        for _ in 0..<4_096 {
            x += 5e-4 * random.normal()
            spread = 0.95 * spread + 3e-4 * random.normal()
            prices.append((y: exp(1.2 * x - 5.3 + spread), x: exp(x)))
        }
        _ = update(bars: 300)
    }

    private let legs = [InstrumentID(0), InstrumentID(1)]

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
            for job in engine.advance(instruments: legs, watermark: closeTime, now: closeTime) {
                let result = results[job.reading] ?? job.run()
                results[job.reading] = result
                _ = engine.complete(job, result)
                jobs += 1
            }
            slot += 1
        }
        return jobs
    }

    private func bar(_ instrument: InstrumentID, _ close: Double) -> Bar {
        let prices = BarPrices(open: close, high: close, low: close, close: close, volume: 1, trades: 10)
        return Bar(instrument: instrument, timeframe: timeframe, slot: slot, state: .traded, prices: prices)
    }
}
