import Logging
import MarketData
import PairEngine
import PrometheusExposition
import ServiceLifecycle
import TradeFeeds
import TradeStore

/// One run of feeds, market engine, store and tests, which together process trades.
///
/// Pairs, windows, thresholds and, of live feeds, instruments may be replaced while it runs; further timeframes need
/// another session on the same store. Its services may end and start again without a loss of data.
struct FeedSession: Sendable {
    let configuration: Configuration
    private let metrics: ProgramMetrics
    private let logger: Logger
    /// The streams of the program, also of instruments that are not followed.
    let streams: StreamTable
    let feeds: [SessionFeed]
    let store: any TradeStore
    /// The last import that the warm start has read.
    private let importRevision: Int64
    private let writer: StoreWriter
    let marketEngine: MarketEngine
    private let tests: TestRunner
    let warmStart: WarmStart
    private let start: WarmStartOutcome
    private let history: HistoryProgress

    /// The market once every window is warm.
    let firstView: ServingContext

    /// Opens the store and warms every window.
    /// - Throws: what prevents the start, such as a store in use.
    static func open(
        _ configuration: Configuration,
        metrics: ProgramMetrics,
        logger: Logger
    ) async throws -> FeedSession {
        let feeds = try SessionFeeds(configuration, logger: logger)
        let store = try await openStore(configuration.storage, feeds.streams, metrics, logger)
        do {
            return try await FeedSession(configuration, feeds, store: store, metrics: metrics, logger: logger)
        } catch {
            try? await store.close()
            throw error
        }
    }

    /// Warms every window from a store, which stays open when that fails.
    init(
        _ configuration: Configuration,
        _ sources: SessionFeeds,
        store: any TradeStore,
        metrics: ProgramMetrics,
        logger: Logger
    ) async throws {
        self.configuration = configuration
        self.metrics = metrics
        self.logger = logger
        (streams, feeds) = (sources.streams, sources.feeds)
        self.store = store
        // The table also has streams that an earlier session followed.
        for feed in feeds {
            await feed.feed.update(streams: streams.streams(of: feed.instruments), resuming: [:])
        }
        var pipelines = feeds.map { feed in
            VenuePipeline(
                instruments: feed.instruments,
                timeframes: configuration.timeframes,
                lateness: configuration.bars.lateness,
                carryLimit: configuration.bars.carryLimit,
                hasConsecutiveIDs: feed.feed.hasConsecutiveIDs
            )
        }
        let definitions = configuration.definitions(streams: streams)
        var engine = PairEngine(definitions: definitions, settings: configuration.engineSettings)
        var correlator = TickCorrelator(
            definitions: definitions,
            horizon: configuration.tickCorrelationHorizon
        )
        warmStart = WarmStart(
            store: store,
            feeds: feeds,
            streams: streams,
            damagedRows: metrics.damagedRows,
            logger: logger
        )
        importRevision = try await store.imports(after: 0).revision
        let start = try await warmStart.run(&pipelines, &engine, &correlator)
        self.start = start
        history = HistoryProgress(
            feeds: Set(feeds.indices.filter { !start.part(of: sources.feeds[$0].instruments).missingCandles.isEmpty })
        )
        let latestSnapshot = LatestSnapshot()
        marketEngine = MarketEngine(
            pipelines: pipelines,
            engine: engine,
            correlator: correlator,
            latestSnapshot: latestSnapshot,
            barCloseDuration: metrics.barCloseDuration
        )
        await marketEngine.publish()
        let commitDuration = metrics.commitDuration
        writer = StoreWriter(store: store, logger: logger, onCommit: { commitDuration.observe($0) })
        // The results of the warm start's tests; the tests of the next bars may be far off.
        await writer.enqueue(StoreBatch(states: marketEngine.states))
        tests = TestRunner(market: marketEngine, writer: writer, duration: metrics.testsDuration)
        firstView = try ServingContext(
            configuration,
            streams: streams,
            feeds: feeds,
            store: store,
            writer: writer,
            latestSnapshot: latestSnapshot,
            history: history,
            metrics: metrics
        )
    }

    /// The services, in the order of starting. They end in reverse order: feeds first, so that their last trades are
    /// still written. The store stays open; see ``close(within:)``.
    /// - Parameter refresh: replaces the windows by those of the stored bars, for this reason.
    func services(
        _ market: CurrentMarket,
        refresh: @escaping @Sendable (WindowRefresh) async throws -> Void
    ) -> [any Service] {
        let feedServices = feeds.indices.map { index in
            service(of: index, start.part(of: feeds[index].instruments), refresh: refresh)
        }
        let retention = RetentionService(
            configuration: configuration,
            writer: writer,
            market: market
        )
        let efficacy = EfficacyService(
            settings: configuration.engineSettings,
            store: store,
            market: marketEngine,
            failures: metrics.readFailures,
            logger: logger
        )
        let imports = ImportWatch(
            store: store,
            firstRevision: importRevision,
            oldest: { Self.oldest(in: market) },
            refresh: { try await refresh(.imports) },
            failures: metrics.readFailures,
            logger: logger
        )
        return [retention, efficacy, tests, imports] + feedServices
    }

    /// The service of one feed, with the candles to fetch for it.
    func service(
        of feed: Int,
        _ start: WarmStartOutcome,
        refresh: @escaping @Sendable (WindowRefresh) async throws -> Void
    ) -> FeedService {
        FeedService(
            index: feed,
            feed: feeds[feed].feed,
            start: start,
            market: marketEngine,
            writer: writer,
            tests: tests,
            history: history,
            refresh: refresh,
            notices: NoticeLog(streams: streams, logger: logger),
            logger: logger
        )
    }

    /// Waits until all trades of the feeds are on disk.
    /// - Throws: ``ReloadError/storeFailing(reason:)`` when the store fails; waiting batches stay in its queue.
    func flush(within timeout: Duration) async throws(ReloadError) {
        if writer.metrics.isFailing { throw .storeFailing(reason: "the last transaction has failed") }
        do {
            try await writer.flush(within: timeout)
        } catch {
            throw .storeFailing(reason: "\(writer.metrics.queuedTrades) trades wait")
        }
    }

    /// Writes the waiting batches and closes the store.
    func close(within timeout: Duration) async throws {
        try await writer.shutdown(within: timeout)
        logger.info("store closed", metadata: ["trades_written": .stringConvertible(writer.metrics.tradesWritten)])
    }

    /// The earliest time of any window.
    private static func oldest(in market: CurrentMarket) -> Timestamp? {
        let view = market.view
        let spans = view.configuration.timeframes.map { view.configuration.historySpan(of: $0) }
        return view.latestSnapshot.value.feeds.compactMap(\.now).max().map { $0 - (spans.max() ?? 0) }
    }

    /// Replaces the pairs, without a pause in the feeds, by those of a configuration whose instruments are followed.
    /// - Parameter refresh: why pairs that stay are replaced too, because the store has more of the past; nil where
    ///   they keep their windows.
    /// - Throws: when the store cannot be read in time; then nothing has changed.
    func replacePairs(with next: Configuration, refresh: WindowRefresh? = nil) async throws -> ServingContext {
        var engine = engine(for: next)
        let closed = await marketEngine.beginReplacement()
        do {
            try await writer.flush(within: .seconds(10))
            let bars = try await storedBars(for: engine)
            let isClosed = { (bar: Bar) in closed.map { bar.closeTime <= $0 } ?? true }
            let memories: [ReadingKey: ReadingMemory] =
                switch refresh {
                case nil: await marketEngine.memories
                // After candles, tests continue from their memories at the program's last stop.
                case .candles: start.memories
                // An import may have changed the bars before.
                case .imports: [:]
                }
            engine.warm(with: bars.filter(isClosed), memories: memories)
            let latestSnapshot = LatestSnapshot()
            let view = try ServingContext(
                next,
                streams: streams,
                feeds: feeds.map { feed in
                    var feed = feed
                    feed.instruments = next.instruments(of: feed.settings.venue).compactMap { streams.id(of: $0) }
                    return feed
                },
                store: store,
                writer: writer,
                latestSnapshot: latestSnapshot,
                history: history,
                metrics: metrics
            )
            let effects = await marketEngine.replace(
                with: engine,
                later: bars.filter { !isClosed($0) },
                horizon: next.tickCorrelationHorizon,
                latestSnapshot: latestSnapshot,
                refresh: refresh
            )
            if !effects.batch.isEmpty { await writer.enqueue(effects.batch) }
            await tests.enqueue(effects)
            return view
        } catch {
            await marketEngine.abandonReplacement()
            throw error
        }
    }

    /// An engine of a configuration's pairs without bars.
    func engine(for configuration: Configuration) -> PairEngine {
        PairEngine(
            definitions: configuration.definitions(streams: streams),
            settings: configuration.engineSettings
        )
    }

    private func storedBars(for engine: PairEngine) async throws -> [Bar] {
        var bars: [Bar] = []
        for instrument in Set(engine.definitions.flatMap { [$0.y, $0.x] }).sorted() {
            for timeframe in engine.timeframes(of: instrument) {
                let count = engine.historyLength(timeframe: timeframe)
                bars += try await store.bars(of: instrument, timeframe: timeframe, last: count)
            }
        }
        return bars
    }

    private static func openStore(
        _ storage: StorageConfiguration,
        _ streams: StreamTable,
        _ metrics: ProgramMetrics,
        _ logger: Logger
    ) async throws -> any TradeStore {
        let replacements = metrics.fileReplacements
        return try await StoreLocation(path: storage.path).open(
            streams: streams,
            synchronous: storage.synchronous,
            guarding: FileGuarding(
                onReplacement: storage.onFileReplaced,
                logger: logger,
                onChange: { replacements.increment() }
            )
        )
    }
}
