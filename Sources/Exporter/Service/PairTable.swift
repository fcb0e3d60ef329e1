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
                "Filled", "Confidence", "State", "In words",
            ],
            rows: zip(snapshot.readings, staleness.isStale(in: snapshot)).map { reading, isStale in
                let name = pairs[reading.pair].name
                let question = "?pair=\(name)&timeframe=\(reading.timeframe)&window=\(reading.window)&debug=true"
                let confidence = isStale ? nil : reading.confidence?.value
                let texts =
                    [reading.timeframe.label, "\(reading.window)"] + figures(of: reading, isStale: isStale)
                    + ["\(Int(reading.fillRatio * 100)) %", confidence?.formatted(decimals: 2) ?? "none"]
                    + Self.words(reading, isStale: isStale)
                return [LandingPage.Cell(name, address: "/probe" + question)] + texts.map { LandingPage.Cell($0) }
            }
        )
    }

    private func figures(of reading: PairReading, isStale: Bool) -> [String] {
        let values: [(value: Measured<Double>, decimals: Int)] = [
            (reading.fit.map(\.slope), 4), (reading.zScore, 2), (reading.forecastZScore, 2),
            (reading.returnCorrelation, 2),
        ]
        let pValue = reading.tests.flatMap(\.engleGranger).map(\.pValue)
        return values.map { value, decimals in
            Self.text(value, isStale: isStale) { $0.formatted(decimals: decimals) }
        } + [Self.text(pValue, isStale: isStale, Self.probability)]
    }

    private static func words(_ reading: PairReading, isStale: Bool) -> [String] {
        let words = Interpretation(reading, isStale: isStale)
        var meaning = words.meaning
        if case .filling = words.state {
            meaning += " \(reading.observations) of \(reading.neededObservations) bars are there."
        }
        return [words.state.name, "\(meaning) \(words.confidence) \(words.watch)"]
    }

    private static func text(
        _ value: Measured<Double>,
        isStale: Bool,
        _ format: (Double) -> String
    ) -> String {
        switch isStale ? .failure(.stale) : value {
        case .success(let value): format(value)
        case .failure(let reason): reason.rawValue.replacing("_", with: " ")
        }
    }

    /// A p-value is never zero.
    static func probability(_ value: Double) -> String {
        value < 0.001 ? "<0.001" : value.formatted(decimals: 3)
    }
}
