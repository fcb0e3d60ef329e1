public import ExporterHTTP
import Foundation
public import Logging
import MarketData
import PairEngine
import PrometheusExposition
import ServiceLifecycle
import TradeFeeds
import TradeStore
import UnixSignals

/// All rooms wired into one program: feeds, market loop, store, tests and HTTP under one service group.
public struct ExporterProgram: Sendable {
    private let configuration: Configuration
    private let options: ExporterOptions
    private let logger: Logger

    /// A program that has not started anything yet.
    public init(configuration: Configuration, options: ExporterOptions, logger: Logger) {
        self.configuration = configuration
        self.options = options
        self.logger = logger
    }

    /// Opens the store, warms every window, and serves until SIGTERM or SIGINT, which drain and flush.
    /// - Parameter onListening: called once the HTTP socket is bound.
    /// - Throws: what prevents the start, such as a store in use, or a service's failure.
    public func run(onListening: @escaping @Sendable (ListenAddress) -> Void = { _ in }) async throws {
        let security = try webSecurity()
        let (ranges, streams, feeds) = try makeFeeds()
        let store = try SQLiteTradeStore(
            path: configuration.storage.path,
            synchronous: configuration.storage.synchronous,
            streams: streams
        )
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
        let warmStart = WarmStart(store: store, feeds: feeds, streams: streams, logger: logger)
        var correlator = TickCorrelator(
            definitions: definitions,
            instrumentCount: streams.streams.count,
            horizon: configuration.tickCorrelationHorizon
        )
        let positions = try await warmStart.run(&tapes, &engine, &correlator)

        let board = SnapshotBoard()
        let barCloseDuration = Histogram(ExporterMetrics.barCloseDuration, bounds: ExporterMetrics.durationBounds)
        let testsDuration = Histogram(ExporterMetrics.testsDuration, bounds: ExporterMetrics.durationBounds)
        let commitDuration = Histogram(StoreMetrics.commitDuration, bounds: StoreMetrics.commitBounds)
        let loop = MarketLoop(
            tapes: tapes,
            engine: engine,
            correlator: correlator,
            board: board,
            barCloseDuration: barCloseDuration
        )
        await loop.publish()
        let writer = StoreWriter(store: store, logger: logger, onCommit: { commitDuration.observe($0) })
        let tests = TestRunner(loop: loop, duration: testsDuration)
        let scrapeMetrics = ScrapeMetrics()
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
            board: board
        )
        let registry = try MetricsRegistry(
            families: MetricFamilies.all,
            collectors: [
                pairs,
                InstrumentCollector(streams: streams, timeframes: configuration.timeframes, board: board),
                FeedCollector(feeds: feeds, board: board),
                StoreCollector(writer: writer, commitDuration: commitDuration),
                scrapeMetrics,
                ProcessCollector(),
                ExporterCollector(
                    seriesLimit: configuration.seriesLimit,
                    configurationLoaded: Date.now.timeIntervalSince1970,
                    barCloseDuration: barCloseDuration,
                    testsDuration: testsDuration
                ),
            ]
        )
        let market = MarketView(
            configuration: configuration,
            streams: streams,
            staleness: staleness,
            board: board,
            store: store,
            pairs: pairs
        )
        let server = try server(registry, scrapeMetrics, market, security, onListening: onListening)
        let feedServices = feeds.enumerated().map { index, feed in
            FeedService(
                index: index,
                feed: feed,
                positions: positions,
                loop: loop,
                writer: writer,
                tests: tests,
                logger: logger
            )
        }
        let retention = RetentionService(
            configuration: configuration,
            instruments: ranges.map { $0.map { InstrumentID($0) } },
            writer: writer,
            board: board
        )
        // Ended in reverse order: feeds first, so that what they brought is written before the store closes; HTTP last,
        // so that a final scrape sees it.
        let services: [any Service] =
            [server, StoreService(writer: writer, logger: logger), retention, tests] + feedServices
        var group = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = .seconds(5)
        try await ServiceGroup(configuration: group).run()
    }

    /// The feeds, all streams numbered, and the numbers of each feed's streams.
    private func makeFeeds() throws(StartError) -> ([Range<Int>], StreamTable, [any TradeFeed]) {
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
            return (Self.ranges(of: plans.map(\.streams.count)), streams, feeds)
        } catch {
            throw StartError(error)
        }
    }

    private func webSecurity() throws(StartError) -> WebSecurity {
        guard let file = options.webConfigurationFile else { return .open }
        do {
            return try WebSecurity(file: file, logger: logger) { try WebConfiguration(file: $0) }
        } catch {
            throw StartError(error)
        }
    }

    private func server(
        _ registry: MetricsRegistry,
        _ scrapeMetrics: ScrapeMetrics,
        _ market: MarketView,
        _ security: WebSecurity,
        onListening: @escaping @Sendable (ListenAddress) -> Void
    ) throws -> ExporterServer {
        let table = PairTable(pairs: configuration.pairs, staleness: market.staleness, board: market.board)
        let readiness = ReadinessCheck(
            venues: configuration.feeds.map(\.venue.rawValue),
            staleness: market.staleness,
            board: market.board
        )
        return try ExporterServer(
            configuration: .init(
                listenAddress: options.listenAddress,
                telemetryPath: options.telemetryPath,
                shutdownTimeout: .seconds(1),
                maximumRequests: options.maximumRequests
            ),
            landingPage: LandingPage(
                name: BuildInformation.name,
                version: BuildInformation.version,
                description: "Watches pairs of assets for mean reversion, live. Information, not trading advice.",
                table: { table.table }
            ),
            scrapeMetrics: scrapeMetrics,
            logger: logger,
            exposition: { try registry.render($0, names: $1) },
            readiness: { readiness.readiness },
            endpoints: PairEndpoints(market: { market }).all,
            security: security,
            onListening: onListening
        )
    }

    private static func ranges(of counts: [Int]) -> [Range<Int>] {
        var start = 0
        return counts.map { count in
            defer { start += count }
            return start..<(start + count)
        }
    }
}
