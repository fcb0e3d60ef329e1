import MarketData
import PairEngine
import SimulatedMarket
import TradeFeeds

/// What must hold between the parts of a configuration.
struct ConfigurationRules {
    let configuration: Configuration
    let entries: [String: ConfigurationNode]

    func check() throws(ConfigurationError) {
        try checkPairs()
        try checkFeeds()
        try checkRecentBars()
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
                throw configuration.error(pair, "\(leg) has no feed; add a feed with venue: \(leg.venue)")
            }
            for leg in [pair.y, pair.x] {
                guard let problem = LiveVenues[leg.venue]?.problem(ofSymbol: leg.symbol) else { continue }
                throw configuration.error(pair, "\(leg): \(problem)")
            }
            guard PairConfiguration.isName(pair.name) else {
                throw configuration.error(pair, "\(pair.name) is no valid name; give the pair one with name:")
            }
            guard names.insert(pair.name).inserted else {
                throw configuration.error(pair, "\(pair.name) is configured twice; remove one or give it another name")
            }
        }
    }

    /// A retention that the file names must cover the history with which windows are warmed; any other is extended to
    /// it.
    private func checkRetention() throws(ConfigurationError) {
        let oldest = max(
            configuration.tickCorrelationHorizon,
            configuration.timeframes.map(\.microseconds).max() ?? 0
        )
        guard configuration.storage.tradesRetention >= oldest else {
            throw ConfigurationError(
                file: file,
                line: configuration.lines.storage,
                key: "storage.trades_retention",
                problem: "keeps \(DurationText.text(configuration.storage.tradesRetention)), but after a restart the "
                    + "trades of \(DurationText.text(oldest)) are needed, for the longest bar or for "
                    + "tick_correlation_horizon"
            )
        }
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

    /// Every live feed follows something, and every simulated instrument exists.
    private func checkFeeds() throws(ConfigurationError) {
        for feed in configuration.feeds {
            let isLive = LiveVenues[feed.venue] != nil
            if isLive, configuration.instruments(of: feed.venue).isEmpty {
                let problem = "no pair has an instrument of \(feed.venue); name one in a pair, or leave the feed out"
                throw configuration.error(feed.venue, problem)
            }
            if feed.venue == .simulated {
                let symbols = feed.simulated.instruments.map(\.symbol)
                try configuration.check(symbols, of: .simulated, in: "the simulated market")
            }
        }
    }

    /// Bars that count as recent are compared with those of the window, so that the window must have others.
    private func checkRecentBars() throws(ConfigurationError) {
        for pair in configuration.pairs {
            let recent = pair.settings.signals.recentBars
            guard recent != SignalThresholds().recentBars,
                let window = pair.settings.windows.first(where: { $0 <= recent })
            else { continue }
            throw ConfigurationError(
                file: file,
                line: entries["signals"]?.line ?? pair.line,
                key: "signals.recent_bars",
                problem: "\(recent) bars are recent in a window of \(window) bars of \(pair.name); recent_bars must be "
                    + "below every window, and takes effect up to a third of it"
            )
        }
    }

    private var file: String { configuration.file }
}
