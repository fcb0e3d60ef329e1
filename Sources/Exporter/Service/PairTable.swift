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
                "Evidence", "Filled", "Confidence", "State", "In words",
            ],
            rows: zip(snapshot.readings, staleness.isStale(in: snapshot)).map { reading, isStale in
                let name = pairs[reading.pair].name
                let question = "?pair=\(name)&timeframe=\(reading.timeframe)&window=\(reading.window)&debug=true"
                let confidence = isStale ? nil : reading.confidence
                let texts =
                    [reading.timeframe.label, "\(reading.window)"] + figures(of: reading, isStale: isStale)
                    + ["\(Int(reading.fillRatio * 100)) %", confidence?.formatted(decimals: 2) ?? "none"]
                    + words(reading, isStale: isStale)
                return [LandingPage.Cell(name, address: "/probe" + question)] + texts.map { LandingPage.Cell($0) }
            }
        )
    }

    private func figures(of reading: PairReading, isStale: Bool) -> [String] {
        let values: [(value: Measured<Double>, decimals: Int)] = [
            (reading.fit.map(\.slope), 4), (reading.zScore, 2), (reading.forecastZScore, 2),
            (reading.returnCorrelation, 2),
        ]
        let pValue = reading.tests.flatMap(\.cointegration).map(\.weaker.pValue)
        let evidence = isStale ? nil : reading.evidence.map { Self.evidence($0, isProven: reading.isProven) }
        return values.map { value, decimals in
            Self.text(value, isStale: isStale) { $0.formatted(decimals: decimals) }
        } + [Self.text(pValue, isStale: isStale, Self.probability), evidence ?? "none"]
    }

    /// Evidence to two digits, and what it amounts to.
    private static func evidence(_ value: Double, isProven: Bool) -> String {
        let size = value < 10 ? value.formatted(decimals: 1) : value < 1e6 ? "\(Int(value))" : "over 1 million"
        return isProven ? "\(size), proven" : size
    }

    private func words(_ reading: PairReading, isStale: Bool) -> [String] {
        let thresholds = pairs[reading.pair].settings.signals
        let words = Interpretation(reading, thresholds: thresholds, isStale: isStale)
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
