import Foundation
import MarketData
import PairEngine
import PairStatistics

/// From bars to readings.
enum StatisticsStages {
    /// One augmented Dickey-Fuller test with a constant, the lag chosen by AIC.
    static func dickeyFuller() throws {
        for (count, tests) in [(250, 2_000), (1_000, 500)] {
            let series = spreads(count: count)
            try Measurement.report("adf.n\(count)", units: tests) {
                for index in 0..<tests {
                    let test = try AugmentedDickeyFuller(
                        series[index % series.count],
                        trend: .constant,
                        lagSelection: .aic
                    )
                    if test.statistic.isNaN { fail("adf: no statistic") }
                }
            }
        }
    }

    /// One new bar of one pair, from the legs' columns to slope, in-sample z-score and correlation of the window, in a series.
    static func rolling() {
        let (x, y) = walks(count: 100_000)
        var slopes = [Double](repeating: .nan, count: x.count)
        var (scores, correlations) = (slopes, slopes)
        for capacity in [60, 300, 1_000] {
            Measurement.report("rolling.w\(capacity)", units: x.count) {
                read(x, y, capacity: capacity, into: &slopes, &scores, &correlations)
            }
            if [slopes, scores, correlations].contains(where: { $0.last?.isNaN != false }) {
                fail("rolling: no value")
            }
        }
    }

    private static func read(
        _ x: [Double],
        _ y: [Double],
        capacity: Int,
        into slopes: inout [Double],
        _ scores: inout [Double],
        _ correlations: inout [Double]
    ) {
        var window = RollingMoments(capacity: capacity)
        var columns = (x: PriceColumn(minimumLength: capacity + 1), y: PriceColumn(minimumLength: capacity + 1))
        var absences = SlotAbsences(minimumLength: capacity + 1)
        for index in x.indices {
            let slot = Int64(index)
            columns.x.append(x[index], at: slot)
            columns.y.append(y[index], at: slot)
            absences.append([], at: slot)
            absences.withSlots(x: columns.x, y: columns.y) { window.append(SIMD2(x[index], y[index]), of: $0) }
            guard index >= capacity - 1, let fit = try? LinearFit(window.levels) else { continue }
            slopes[index] = fit.slope
            scores[index] = (try? fit.zScore(x: x[index], y: y[index])) ?? .nan
            correlations[index] = fit.correlation
        }
    }

    /// All work for a closed bar in the engine, per window: alignment, moments, fit, scores, the reading.
    static func engine() {
        for windows in [[60], [240], [60, 240]] {
            let market = PairMarket(windows: windows)
            let bars = 4_096
            let name = windows.map { "\($0)" }.joined(separator: "+")
            Measurement.report("engine.w\(name)", units: bars * windows.count) {
                if market.update(bars: bars) == 0 { fail("engine: no test fell due") }
            }
            if !market.hasReadings { fail("engine: a reading is undefined") }
        }
    }

    /// Correlation of ticks, per trade of either leg of a pair: 22 a second for 15 minutes of event time and more,
    /// processed 20 at a time.
    static func ticks() {
        let (x, y) = walks(count: 100_000)
        let timeframes = ["1m"].compactMap(Timeframe.init)
        let definition = PairDefinition(
            name: "ETHUSDT-BTCUSDT",
            y: InstrumentID(1),
            x: InstrumentID(0),
            timeframes: timeframes,
            windows: [60]
        )
        var correlator = TickCorrelator(definitions: [definition], horizon: 900_000_000)
        var time: Int64 = 1_709_164_800_000_000
        let trades = zip(x, y).flatMap { x, y in
            [(0, x), (1, y)].map { instrument, logarithm in
                Trade(
                    instrument: InstrumentID(instrument),
                    id: 0,
                    time: Timestamp(microseconds: 0),
                    price: FixedDecimal(mantissa: Int64(exp(logarithm) * 100), scale: 2),
                    quantity: FixedDecimal(mantissa: 1, scale: 0),
                    takerSide: .buy
                )
            }
        }
        var reads = stride(from: 0, to: trades.count, by: 20).map { Array(trades[$0..<($0 + 20)]) }
        Measurement.report("ticks", units: x.count + y.count) {
            for read in reads.indices {
                for index in reads[read].indices {
                    time += 45_000 + Int64(index % 7) * 100
                    reads[read][index].time = Timestamp(microseconds: time)
                }
                correlator.append(reads[read])
                correlator.advance(to: Timestamp(microseconds: time))
            }
        }
        if correlator.correlations[0].value == nil { fail("ticks: no correlation") }
    }

    /// Spreads with a half-life of 13 bars, so many that the branch predictor cannot store all of them.
    private static func spreads(count: Int) -> [[Double]] {
        var random = RandomNumbers(seed: 250)
        return (0..<64).map { _ in
            var spread = 0.0
            return (0..<count).map { _ in
                spread = 0.95 * spread + 3e-4 * random.normal()
                return spread
            }
        }
    }

    /// Log prices of a cointegrated pair.
    private static func walks(count: Int) -> (x: [Double], y: [Double]) {
        var random = RandomNumbers(seed: 20_240_229)
        var (level, spread) = (log(36_500.0), 0.0)
        var (x, y): ([Double], [Double]) = ([], [])
        for _ in 0..<count {
            level += 1e-4 * random.normal()
            spread = 0.95 * spread + 1e-4 * random.normal()
            x.append(level)
            y.append(0.8 * level + 1.3 + spread)
        }
        return (x, y)
    }
}
