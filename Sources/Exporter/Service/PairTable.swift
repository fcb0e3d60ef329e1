import ExporterHTTP
import MarketData
import PairEngine
import PairStatistics

/// The latest readings as the landing page shows them.
struct PairTable: Sendable {
    let pairs: [PairConfiguration]
    let board: SnapshotBoard

    /// One row per reading.
    var table: LandingPage.Table {
        LandingPage.Table(
            header: [
                "Pair", "Timeframe", "Window", "Hedge ratio", "z-score", "Forecast z", "Return corr.", "Coint. p",
                "Window filled",
            ],
            rows: board.latest.readings.map { reading in
                [
                    pairs[reading.pair].name,
                    reading.timeframe.label,
                    "\(reading.window)",
                    Self.figure(reading.fit.map(\.slope), decimals: 4),
                    Self.figure(reading.zScore, decimals: 2),
                    Self.figure(reading.forecastZScore, decimals: 2),
                    Self.figure(reading.returnCorrelation, decimals: 2),
                    Self.figure(reading.tests.flatMap(\.engleGranger).map(\.pValue), decimals: 3),
                    "\(Int(reading.fillRatio * 100)) %",
                ]
            }
        )
    }

    private static func figure(_ value: Measured<Double>, decimals: Int) -> String {
        switch value {
        case .success(let value): value.formatted(decimals: decimals)
        case .failure(let reason): reason.rawValue.replacing("_", with: " ")
        }
    }
}
