import MarketData
import PrometheusExposition
import TradeFeeds
import TradeStore

extension ServingContext {
    /// What requests read of a session under a configuration.
    /// - Parameter instruments: those of each feed.
    init(
        _ configuration: Configuration,
        streams: StreamTable,
        instruments: [[InstrumentID]],
        feeds: [any TradeFeed],
        store: any TradeStore,
        writer: StoreWriter,
        latestSnapshot: LatestSnapshot,
        history: HistoryProgress,
        metrics: ProgramMetrics
    ) throws(MetricsError) {
        let definitions = configuration.definitions(streams: streams)
        var feedOfInstrument = InstrumentMap<Int>()
        for (feed, instruments) in instruments.enumerated() {
            for instrument in instruments { feedOfInstrument[instrument] = feed }
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
            instruments: instruments,
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
                        feeds: zip(instruments, configuration.feeds).map { ($0, repairHorizon: $1.repairHorizon) },
                        streams: streams,
                        timeframes: configuration.timeframes,
                        latestSnapshot: latestSnapshot,
                        writer: writer
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
