import MarketData
import PairsMetrics
import PrometheusExposition
import TradeFeeds
import TradeStore

extension ServingContext {
    /// The data for requests of a session under a configuration.
    init(
        _ configuration: Configuration,
        streams: StreamTable,
        feeds: [SessionFeed],
        store: any TradeStore,
        writer: StoreWriter,
        latestSnapshot: LatestSnapshot,
        history: HistoryProgress,
        metrics: ProgramMetrics
    ) throws(MetricsError) {
        let definitions = configuration.definitions(streams: streams)
        var feedOfInstrument = InstrumentMap<Int>()
        for (number, feed) in feeds.enumerated() {
            for instrument in feed.instruments { feedOfInstrument[instrument] = number }
        }
        let staleness = StalenessRule(
            definitions: definitions,
            feedOfInstrument: feedOfInstrument,
            isLive: configuration.feeds.map { $0.venue != .replay },
            carryLimit: configuration.bars.carryLimit
        )
        let pairs = PairCollector(
            configuration: configuration,
            definitions: definitions,
            staleness: staleness,
            latestSnapshot: latestSnapshot
        )
        self.init(
            configuration: configuration,
            streams: streams,
            instruments: feeds.map(\.instruments),
            staleness: staleness,
            latestSnapshot: latestSnapshot,
            history: history,
            store: store,
            pairs: pairs,
            registry: try MetricsRegistry(
                families: MetricFamilies.all,
                collectors: [
                    pairs,
                    InstrumentCollector(
                        feeds: feeds,
                        streams: streams,
                        timeframes: configuration.timeframes,
                        latestSnapshot: latestSnapshot,
                        writer: writer
                    ),
                    FeedCollector(feeds: feeds.map(\.feed), latestSnapshot: latestSnapshot),
                    StoreCollector(
                        writer: writer,
                        readFailures: metrics.readFailures,
                        damagedRows: metrics.damagedRows,
                        fileReplacements: metrics.fileReplacements,
                        commitDuration: metrics.commitDuration
                    ),
                    metrics.scrapes,
                    ProcessCollector(),
                    ExporterCollector(
                        seriesLimit: configuration.seriesLimit,
                        metrics: metrics,
                        latestSnapshot: latestSnapshot
                    ),
                ]
            )
        )
    }
}
