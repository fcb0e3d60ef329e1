import Benchmark
import PairStatistics

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
            PairMarket(windows: windows)
        }
    }
}

/// One augmented Dickey-Fuller test with a constant, the lag chosen by AIC.
func registerDickeyFuller() {
    for count in [250, 1_000] {
        Benchmark("ADF with AIC, n = \(count)") { benchmark, series in
            let next = series[benchmark.currentIteration % series.count]
            let test = try AugmentedDickeyFuller(next, trend: .constant, lagSelection: .aic)
            blackHole(test.statistic)
        } setup: {
            spreads(count: count)
        }
    }
}

/// Spreads with a half-life of 13 bars, enough of them that no branch is learned by heart.
private func spreads(count: Int) -> [[Double]] {
    var random = RandomNumbers(seed: 250)
    return (0..<64).map { _ in
        var spread = 0.0
        return (0..<count).map { _ in
            spread = 0.95 * spread + 3e-4 * random.normal()
            return spread
        }
    }
}
