import Foundation
import MarketData
import PairEngine
import PairStatistics
import SimulatedPairs

/// A few pairs as bars for the program to import, and the readings of their replay.
enum ProgramCheck {
    /// The first bar opens on 2024-01-01 at midnight.
    private static let firstSlot = Int64(1_704_067_200 / 60)
    private static let bars = 8 * Population.window

    private static let populations = [
        Population(.gaussian, .cointegrated(halfLife: 5, correlation: 0.7), bars: bars),
        Population(.studentT3, .walks(correlation: 0.7), bars: bars),
        Population(.garch, .cointegrated(halfLife: 8, correlation: 0.7), bars: bars)
            .changed(.walk, from: 6 * Population.window),
        Population(.staleLeg, .cointegrated(halfLife: 5, correlation: 0.5), bars: bars),
        Population(.volatilityBurst(factor: 5, bars: 100), .walks(correlation: 0), bars: bars),
    ]

    /// The default of the program, in microseconds.
    private static let lateness: Int64 = 250_000

    private static func pairs() -> [SimulatedPair] { populations.map { $0.pair(0, seed: 1) } }

    /// Bars of both legs of each pair, symbols Y0 and X0 and so on, in the form that `pairs-exporter import` reads.
    static func writeBars() {
        print("venue,symbol,timeframe,open_time_us,open,high,low,close,state")
        for (number, pair) in pairs().enumerated() {
            for (leg, values) in [("Y", pair.y), ("X", pair.x)] {
                for (bar, value) in values.enumerated() {
                    let price = exp(value)
                    let time = (firstSlot + Int64(bar)) * 60_000_000
                    // Only leg y repeats old prices.
                    let state = leg == "Y" && pair.isCarried[bar] ? "carried" : "traded"
                    print("binance-usdm,\(leg)\(number),1m,\(time),\(price),\(price),\(price),\(price),\(state)")
                }
            }
        }
    }

    /// The readings after each bar, under the names of `pairs-exporter export readings`.
    static func writeReadings() {
        print("close_time_us,pair," + columns.map(\.name).joined(separator: ","))
        for (number, pair) in pairs().enumerated() {
            var replay = WindowReplay(
                timeframe: Study.timeframe,
                window: Population.window,
                tests: TestSettings(),
                firstSlot: firstSlot
            )
            for bar in pair.x.indices {
                replay.append((x: pair.x[bar], y: pair.y[bar], isCarried: pair.isCarried[bar]))
                let time = Timestamp(microseconds: (firstSlot + Int64(bar) + 1) * 60_000_000)
                // The program shows a bar once late trades have had their time.
                let isStale = replay.reading.isStale(now: time + lateness, carryLimit: EngineSettings().carryLimit)
                let cells = columns.map { isStale ? "" : $0.value(replay.reading).map(\.description) ?? "" }
                print("\(time.microseconds),P\(number),\(cells.joined(separator: ","))")
            }
        }
    }

    /// What is compared.
    private static let columns: [(name: String, value: @Sendable (PairReading) -> Double?)] = [
        ("hedge_ratio", { $0.fit.value?.slope }),
        ("hedge_ratio_robust_stderr", { $0.tests.value?.hedgeRatioError.value?.slopeStandardError }),
        ("spread", { $0.spread.value }),
        ("spread_zscore", { $0.zScore.value }),
        ("forecast_zscore", { $0.forecastZScore.value }),
        ("spread_volatility_ratio", { $0.volatilityRatio.value }),
        ("half_life_seconds", { halfLife($0)?.middle }),
        ("half_life_lower_seconds", { halfLife($0)?.lower }),
        ("half_life_upper_seconds", { halfLife($0)?.upper }),
        ("return_correlation", { $0.returnCorrelation.value }),
        ("cointegration_pvalue", { $0.tests.value?.cointegration.value?.weaker.pValue }),
        ("cointegration_calibrated_pvalue", { $0.tests.value?.calibratedPValue }),
        ("cointegration_evidence", { $0.evidence }),
        ("cointegration_proven", { reading in reading.evidence.map { _ in reading.isProven ? 1 : 0 } }),
        ("data_quality_ratio", { $0.dataQuality }),
        ("confidence_ratio", { $0.confidence }),
    ]

    /// In seconds, as the program publishes it.
    private static func halfLife(_ reading: PairReading) -> (middle: Double, lower: Double, upper: Double)? {
        reading.tests.value?.halfLife.value.map { life in
            let seconds = reading.timeframe.seconds
            return (life.bars * seconds, life.lowerBars * seconds, life.upperBars * seconds)
        }
    }
}
