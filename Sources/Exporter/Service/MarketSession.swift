import Logging
import MarketData
import PairEngine
import PrometheusExposition
import ServiceLifecycle
import TradeFeeds
import TradeStore

/// One run of feeds, market loop, store and tests: everything that trades go through.
///
/// Pairs, windows and thresholds may be replaced while it runs; further instruments or timeframes need another session.
struct MarketSession: Sendable {
    private let configuration: Configuration
    private let metrics: ProgramMetrics
    private let logger: Logger
    private let ranges: [Range<Int>]
    private let streams: StreamTable
    private let feeds: [any TradeFeed]
    private let store: any TradeStore
    /// The last import that the warm start has seen.
    private let importRevision: Int64
    private let writer: StoreWriter
    private let loop: MarketLoop
    private let tests: TestRunner
    private let start: WarmStartOutcome

    /// The market as it stands once every window is warm.
    let firstView: MarketView

    /// Opens the store and warms every window.
    /// - Throws: what prevents the start, such as a store in use.
    init(_ configuration: Configuration, metrics: ProgramMetrics, logger: Logger) async throws {
        self.configuration = configuration
        self.metrics = metrics
        self.logger = logger
        (ranges, streams, feeds) = try Self.makeFeeds(configuration, logger)
        store = try Self.openStore(configuration.storage, streams)
        var tapes = ranges.map { range in
            VenueTape(
                instruments: range,
                timeframes: configuration.timeframes,
                lateness: configuration.bars.lateness,
                carryLimit: configuration.bars.carryLimit
            )
        }
        let definitions = configuration.definitions(streams: streams)
        var engine = PairEngine(definitions: definitions, settings: configuration.engineSettings)
        var correlator = TickCorrelator(
            definitions: definitions,
            instrumentCount: streams.streams.count,
            horizon: configuration.tickCorrelationHorizon
        )
        let warmStart = WarmStart(
            store: store,
            feeds: feeds,
            streams: streams,
            repairHorizons: configuration.feeds.map(\.repairHorizon),
            logger: logger
        )
        do {
            importRevision = try await (store as? SQLiteTradeStore)?.imports(after: 0).revision ?? 0
            start = try await warmStart.run(&tapes, &engine, &correlator)
        } catch {
            try? await store.close()
            throw error
        }
        let board = SnapshotBoard()
        loop = MarketLoop(
            tapes: tapes,
            engine: engine,
            correlator: correlator,
            board: board,
            barCloseDuration: metrics.barCloseDuration
        )
        await loop.publish()
        let commitDuration = metrics.commitDuration
        writer = StoreWriter(store: store, logger: logger, onCommit: { commitDuration.observe($0) })
        // What the tests of the warm start have left; those of the next bars may be long in coming.
        await writer.enqueue(StoreBatch(states: loop.states))
        tests = TestRunner(loop: loop, writer: writer, duration: metrics.testsDuration)
        firstView = try MarketView(
            configuration,
            streams: streams,
            ranges: ranges,
            feeds: feeds,
            store: store,
            writer: writer,
            board: board,
            metrics: metrics
        )
    }

    /// What must run, in the order of starting. Ended in reverse order: feeds first, so that what they brought is
    /// written before the store closes.
    /// - Parameter refresh: replaces the windows by those of what is stored, for this reason.
    func services(
        _ market: CurrentMarket,
        refresh: @escaping @Sendable (WindowRefresh) async throws -> Void
    ) -> [any Service] {
        let feedServices = feeds.enumerated().map { index, feed in
            FeedService(
                index: index,
                feed: feed,
                instruments: ranges[index],
                start: start.part(of: ranges[index]),
                loop: loop,
                writer: writer,
                tests: tests,
                refresh: { try await refresh(.candles) },
                logger: logger
            )
        }
        let retention = RetentionService(
            configuration: configuration,
            instruments: ranges.map { $0.map { InstrumentID($0) } },
            writer: writer,
            market: market
        )
        let efficacy = EfficacyService(
            minimumFill: configuration.bars.minimumFill,
            store: store,
            loop: loop,
            failures: metrics.readFailures,
            logger: logger
        )
        var imports: [any Service] = []
        if let store = store as? SQLiteTradeStore {
            imports.append(
                ImportWatch(
                    store: store,
                    firstRevision: importRevision,
                    oldest: { Self.oldest(in: market) },
                    refresh: { try await refresh(.imports) },
                    failures: metrics.readFailures,
                    logger: logger
                )
            )
        }
        return [StoreService(writer: writer, logger: logger), retention, efficacy, tests] + imports + feedServices
    }

    /// The first moment that a window can reach back to.
    private static func oldest(in market: CurrentMarket) -> Timestamp? {
        let view = market.view
        let spans = view.configuration.timeframes.map { view.configuration.historySpan(of: $0) }
        return view.board.latest.feeds.compactMap(\.now).max().map { $0 - (spans.max() ?? 0) }
    }

    /// Whether this session has everything that a configuration needs; what it no longer needs does no harm.
    func canServe(_ next: Configuration) -> Bool {
        next.bars == configuration.bars
            && Set(next.timeframes).isSubset(of: configuration.timeframes)
            && next.pairs.allSatisfy { streams.id(of: $0.y) != nil && streams.id(of: $0.x) != nil }
    }

    /// Goes on with the pairs of another configuration that this session can serve, without a pause in the feeds.
    /// - Parameter refresh: why pairs that stay are replaced too, because the store holds more of the past now; nil where
    ///   they go on as they are.
    /// - Throws: when the store cannot be read in time; nothing has changed then.
    func replacePairs(with next: Configuration, refresh: WindowRefresh? = nil) async throws -> MarketView {
        let definitions = next.definitions(streams: streams)
        var engine = PairEngine(definitions: definitions, settings: next.engineSettings)
        let closed = await loop.beginReplacement()
        do {
            try await writer.flush(within: .seconds(10))
            let bars = try await storedBars(for: engine)
            let isClosed = { (bar: Bar) in closed.map { bar.closeTime <= $0 } ?? true }
            let memories: [ReadingKey: ReadingMemory] =
                switch refresh {
                case nil: await loop.memories
                // Candles follow what tests left when the program stopped.
                case .candles: start.memories
                // An import may have changed the bars before.
                case .imports: [:]
                }
            engine.warm(with: bars.filter(isClosed), memories: memories)
            let board = SnapshotBoard()
            let view = try MarketView(
                next,
                streams: streams,
                ranges: ranges,
                feeds: feeds,
                store: store,
                writer: writer,
                board: board,
                metrics: metrics
            )
            let consequences = await loop.replace(
                with: engine,
                later: bars.filter { !isClosed($0) },
                horizon: next.tickCorrelationHorizon,
                board: board,
                isAnew: refresh != nil
            )
            if !consequences.batch.isEmpty { await writer.enqueue(consequences.batch) }
            await tests.enqueue(consequences)
            return view
        } catch {
            await loop.abandonReplacement()
            throw error
        }
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
        _ streams: StreamTable
    ) throws(StoreError) -> any TradeStore {
        if storage.path == ":memory:" { return MemoryTradeStore(streams: streams) }
        return try SQLiteTradeStore(path: storage.path, synchronous: storage.synchronous, streams: streams)
    }

    /// The feeds, all streams numbered, and the numbers of each feed's streams.
    private static func makeFeeds(
        _ configuration: Configuration,
        _ logger: Logger
    ) throws(StartError) -> ([Range<Int>], StreamTable, [any TradeFeed]) {
        do {
            let plans = try configuration.feeds.map { feed in
                try FeedPlan(feed, instruments: configuration.instruments(of: feed.venue))
            }
            let streams = StreamTable(plans.flatMap(\.streams))
            let feeds = try zip(configuration.feeds, plans).map { feed, plan in
                var logger = logger
                logger[metadataKey: "venue"] = "\(feed.venue)"
                return try plan.feed(streams: streams, logger: logger)
            }
            return (ranges(of: plans.map(\.streams.count)), streams, feeds)
        } catch {
            throw StartError(error)
        }
    }

    private static func ranges(of counts: [Int]) -> [Range<Int>] {
        var start = 0
        return counts.map { count in
            defer { start += count }
            return start..<(start + count)
        }
    }
}
