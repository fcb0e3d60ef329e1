import ExporterHTTP
import MarketData
import PairEngine
import PairStatistics

/// The latest readings as the landing page shows them.
struct PairTable: Sendable {
    let pairs: [PairConfiguration]
    let staleness: StalenessRule
    let board: SnapshotBoard

    /// One row per reading.
    var table: LandingPage.Table {
        let snapshot = board.latest
        return LandingPage.Table(
            header: [
                "Pair", "Timeframe", "Window", "Hedge ratio", "z-score", "Forecast z", "Return corr.", "Coint. p",
                "Window filled", "State", "In words",
            ],
            rows: zip(snapshot.readings, staleness.isStale(in: snapshot)).map { reading, isStale in
                [pairs[reading.pair].name, reading.timeframe.label, "\(reading.window)"]
                    + figures(of: reading, isStale: isStale)
                    + ["\(Int(reading.fillRatio * 100)) %"] + Self.words(reading, isStale: isStale)
            }
        )
    }

    private func figures(of reading: PairReading, isStale: Bool) -> [String] {
        let pValue = reading.tests.flatMap(\.engleGranger).map(\.pValue)
        let values: [(value: Measured<Double>, decimals: Int)] = [
            (reading.fit.map(\.slope), 4), (reading.zScore, 2), (reading.forecastZScore, 2),
            (reading.returnCorrelation, 2), (pValue, 3),
        ]
        return values.map { value, decimals in
            Self.figure(isStale ? .failure(.stale) : value, decimals: decimals)
        }
    }

    private static func words(_ reading: PairReading, isStale: Bool) -> [String] {
        let words = Interpretation(reading, isStale: isStale)
        var meaning = words.meaning
        if case .filling = words.state {
            meaning += " \(reading.observations) of \(reading.neededObservations) bars are there."
        }
        return [words.state.name, "\(meaning) \(words.confidence) \(words.watch)"]
    }

    private static func figure(_ value: Measured<Double>, decimals: Int) -> String {
        switch value {
        case .success(let value): value.formatted(decimals: decimals)
        case .failure(let reason): reason.rawValue.replacing("_", with: " ")
        }
    }
}
