import ExporterHTTP
import Logging
import ServiceLifecycle
import UnixSignals

/// Loads the configuration again on SIGHUP, on `/-/reload`, and when its file changes; one attempt after another.
actor ReloadService: Service {
    private let source: ConfigurationSource
    private let interval: Duration?
    private let market: MarketService
    private let security: WebSecurityWatcher?
    private let status: ReloadStatus
    private let logger: Logger
    private var attempt: Task<Void, any Error>?
    /// Whether an attempt waits that has not read the file.
    private var isRequested = false
    private var seen: String?

    /// - Parameter interval: how often to check the file; nil for never.
    init(
        source: ConfigurationSource,
        interval: Duration?,
        market: MarketService,
        security: WebSecurityWatcher?,
        status: ReloadStatus,
        logger: Logger
    ) {
        self.source = source
        self.interval = interval
        self.market = market
        self.security = security
        self.status = status
        self.logger = logger
        seen = source.text
    }

    func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.listen() }
                group.addTask { await self.watch() }
            }
        }
    }

    /// Loads the configuration.
    /// - Throws: why it is refused; the reason is also logged.
    func reload() async throws {
        let previous = attempt
        let task = Task {
            _ = try? await previous?.value
            try await applySource()
        }
        attempt = task
        try await task.value
    }

    /// Requests an attempt and does not wait for it, so that this service ends at once with the program. An attempt
    /// that already waits reads the same file.
    private func request() {
        guard !isRequested else { return }
        isRequested = true
        Task { try? await reload() }
    }

    private func applySource() async throws {
        isRequested = false
        await security?.reload()
        seen = source.text
        do {
            let configuration = try source.reload()
            try await market.apply(configuration)
            status.succeeded()
            logger.info("configuration loaded")
            configuration.logPairsWithoutAlerts(to: logger)
        } catch {
            status.failed()
            logger.error("configuration refused, the one before stays in force", metadata: ["reason": "\(error)"])
            throw error
        }
    }

    private func listen() async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) where !Task.isCancelled { request() }
    }

    private func watch() async {
        guard let interval, source.file != nil else { return }
        while (try? await Task.sleep(for: interval)) != nil {
            if source.text != seen { request() }
        }
    }
}
