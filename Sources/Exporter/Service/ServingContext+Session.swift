import MarketData
import PrometheusExposition
import TradeFeeds
import TradeStore

extension ServingContext {
    /// The view of a session's parts under a configuration.
    init(
        _ configuration: Configuration,
        streams: StreamTable,
        ranges: [Range<Int>],
        feeds: [any TradeFeed],
        store: any TradeStore,
        writer: StoreWriter,
        latestSnapshot: LatestSnapshot,
        history: HistoryProgress,
        metrics: ProgramMetrics
    ) throws(MetricsError) {
        let definitions = configuration.definitions(streams: streams)
        let staleness = StalenessRule(
            definitions: definitions,
            feedOfInstrument: ranges.enumerated().flatMap { index, range in range.map { _ in index } },
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
                        streams: streams,
                        timeframes: configuration.timeframes,
                        latestSnapshot: latestSnapshot,
                        writer: writer,
                        repairs: ranges.enumerated().flatMap { index, range in
                            range.map { _ in (feed: index, horizon: configuration.feeds[index].repairHorizon) }
                        }
                    ),
                    FeedCollector(feeds: feeds, latestSnapshot: latestSnapshot),
                    StoreCollector(
                        writer: writer,
                        readFailures: metrics.readFailures,
                        damagedRows: metrics.damagedRows,
                        fileReplacements: metrics.fileReplacements,
                        commitDuration: metrics.commitDuration
                    ),
                    metrics.scrapes,
                    ProcessCollector(),
                    ExporterCollector(seriesLimit: configuration.seriesLimit, metrics: metrics, latestSnapshot: latestSnapshot),
                ]
            )
        )
    }
}
