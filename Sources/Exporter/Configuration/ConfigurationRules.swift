import MarketData
import PairEngine
import TradeFeeds

/// What must hold between the parts of a configuration.
struct ConfigurationRules {
    let configuration: Configuration
    let file: String
    let entries: [String: ConfigurationNode]

    func check() throws(ConfigurationError) {
        try checkPairs()
        if let node = try entries["alerts"]?.mapping(AlertSettings.keys)["timeframes"] {
            try PairConfiguration.check(
                configuration.pairDefaults.alerts.timeframes,
                among: configuration.timeframes + configuration.pairDefaults.timeframes,
                at: node
            )
        }
        try checkRetention()
        try checkSeries()
    }

    private func checkPairs() throws(ConfigurationError) {
        let venues = Set(configuration.feeds.map(\.venue))
        var names: Set<String> = []
        for pair in configuration.pairs {
            for leg in [pair.y, pair.x] where !venues.contains(leg.venue) {
                throw error(pair, "\(leg) has no feed; add a feed with venue: \(leg.venue)")
            }
            for leg in [pair.y, pair.x]
            where LiveVenue(leg.venue) != nil && leg.symbol != leg.symbol.uppercased() {
                throw error(pair, "\(leg): the venue writes its symbols in capitals: \(leg.symbol.uppercased())")
            }
            guard PairConfiguration.isName(pair.name) else {
                throw error(pair, "\(pair.name) is no valid name; give the pair one with name:")
            }
            guard names.insert(pair.name).inserted else {
                throw error(pair, "\(pair.name) is configured twice; remove one or give it another name")
            }
        }
    }

    /// A retention that the file names must cover the history with which windows are warmed; others stretch to it.
    private func checkRetention() throws(ConfigurationError) {
        for pair in configuration.pairs {
            for timeframe in pair.settings.timeframes {
                let needed = Configuration.historySpan(of: timeframe, pair.settings)
                guard let kept = configuration.storage.barsRetention[timeframe], kept < needed else { continue }
                throw ConfigurationError(
                    file: file,
                    line: entries["storage"]?.line ?? pair.line,
                    key: "storage.bars_retention.\(timeframe)",
                    problem: "keeps \(DurationText.text(kept)), but the windows of \(pair.name) need a history of "
                        + DurationText.text(needed)
                )
            }
        }
    }

    private func checkSeries() throws(ConfigurationError) {
        let count = SeriesEstimate(configuration).total
        guard count > configuration.seriesLimit else { return }
        throw ConfigurationError(
            file: file,
            line: entries["series_limit"]?.line ?? entries["pairs"]?.line,
            key: "series_limit",
            problem: "this configuration makes up to \(count) series, the limit is \(configuration.seriesLimit); raise "
                + "series_limit, or use fewer windows or timeframes, or export: core"
        )
    }

    private func error(_ pair: PairConfiguration, _ problem: String) -> ConfigurationError {
        ConfigurationError(file: file, line: pair.line, key: "pairs", problem: problem)
    }
}
