package import Logging
import MarketData
import PairEngine

extension Configuration {
    /// The effect of the configuration, in a few lines for people.
    package var summary: String {
        let pairLines = pairs.map { pair in
            let settings = pair.settings
            let timeframes = settings.timeframes.map(\.label).joined(separator: ", ")
            let windows = settings.windows.map(String.init).joined(separator: ", ")
            return "  \(pair.name): \(pair.y) on \(pair.x), \(settings.price.rawValue), bars of \(timeframes), "
                + "windows of \(windows), \(Self.alerts(settings))"
        }
        let series = SeriesEstimate(self).total
        return (["valid: \(pairs.count) pairs, up to \(series) series (limit \(seriesLimit))"] + pairLines)
            .joined(separator: "\n")
    }

    /// Logs which pairs have no reading that may alert, although `alerts.timeframes` is not empty: that is rarely
    /// intended.
    package func logPairsWithoutAlerts(to logger: Logger) {
        let names = pairs.filter { pair in
            !pair.settings.alerts.timeframes.isEmpty && pair.settings.alertingTimeframes.isEmpty
        }.map(\.name)
        guard !names.isEmpty else { return }
        logger.notice(
            "these pairs never alert, because alerts.timeframes has none of their bars",
            metadata: ["pairs": "\(names.joined(separator: ", "))"]
        )
    }

    private static func alerts(_ settings: PairSettings) -> String {
        func labels(_ timeframes: [Timeframe]) -> String { timeframes.map(\.label).joined(separator: ", ") }
        if !settings.alertingTimeframes.isEmpty { return "alerts on bars of \(labels(settings.alertingTimeframes))" }
        if settings.alerts.timeframes.isEmpty { return "no alerts" }
        return "no alerts, because alerts.timeframes (\(labels(settings.alerts.timeframes))) has none of its bars"
    }
}
