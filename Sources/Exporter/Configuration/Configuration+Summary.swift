import MarketData
import PairEngine

extension Configuration {
    /// What the configuration makes, in a few lines for people.
    public var summary: String {
        let pairLines = pairs.map { pair in
            let settings = pair.settings
            let timeframes = settings.timeframes.map(\.label).joined(separator: ", ")
            let windows = settings.windows.map(String.init).joined(separator: ", ")
            return "  \(pair.name): \(pair.y) on \(pair.x), \(settings.price.rawValue), bars of \(timeframes), "
                + "windows of \(windows)"
        }
        let series = SeriesEstimate(self).total
        return (["valid: \(pairs.count) pairs, up to \(series) series (limit \(seriesLimit))"] + pairLines)
            .joined(separator: "\n")
    }
}
