import Logging
import MarketData
import ServiceLifecycle
import TradeFeeds
import TradeStore

/// Runs one feed: passes its events to the market engine, and their effects to the store and the tests.
struct FeedService: Service {
    /// The limit of a flush of all candles, after which it is tried again; short, because a shutdown waits for it.
    private static let flushTime = Duration.seconds(2)
    /// How long after a failure windows are replaced again.
    private static let refreshPause = Duration.seconds(2)

    let index: Int
    let feed: any TradeFeed
    let start: WarmStartOutcome
    let market: MarketEngine
    let writer: StoreWriter
    let tests: TestRunner
    let history: HistoryProgress
    /// Replaces the windows by those of the stored bars.
    let refresh: @Sendable (WindowRefresh) async throws -> Void
    let notices: NoticeLog
    let logger: Logger

    /// Runs until the service group shuts down; may be called again after that. After the end of a source, as of a
    /// file, its readings stay visible.
    func run() async throws {
        // After an earlier run it is unknown what was traded meanwhile.
        await apply(market.handle(.state(.stopped), from: index))
        do {
            try await cancelWhenGracefulShutdown {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    defer { group.cancelAll() }
                    group.addTask { try await fetchCandles(start.missingCandles) }
                    try await feed.run(resuming: await positions, missing: missing) { event in
                        if let event = await forwardUnknown(in: event) {
                            await apply(market.handle(event, from: index))
                        }
                    }
                }
                logger.info("the feed's source has ended", metadata: ["venue": "\(feed.venue)"])
            }
        } catch is CancellationError {
            return
        }
        try? await gracefulShutdown()
    }

    /// The last known trade of each stream: that of the warm start, or a later one.
    private var positions: [InstrumentID: StreamPosition] {
        get async {
            await market.positions(of: index).merging(start.positions) { now, then in
                now.lastTime > then.lastTime ? now : then
            }
        }
    }

    /// The ids that the market has not received, and those that the store had to drop.
    private func missing() async -> [RepairRequest] {
        var missing = await market.missing(of: index)
        for lost in await writer.missing(of: Set(market.instruments[index]))
        where lost.numbering == (await market.numbering(of: lost.instrument, feed: index)) {
            missing.append(lost)
        }
        return missing
    }

    /// The part of an event that is new to the market engine; trades that only the store lacks go only to the store.
    private func forwardUnknown(in event: FeedEvent) async -> FeedEvent? {
        switch event {
        case .trades(var batch) where batch.isRepair:
            batch.trades = await writer.restore(batch.trades, numbering: batch.numbering ?? 0)
            return batch.trades.isEmpty ? nil : .trades(batch)
        case .unrepairable(let instrument, let ids):
            await writer.markUnrepairable(ids, of: instrument)
            return event
        default:
            return event
        }
    }

    private func apply(_ effects: MarketEngine.Effects) async {
        for notice in effects.notices { await report(notice) }
        if !effects.batch.isEmpty { await writer.enqueue(effects.batch) }
        await tests.enqueue(effects)
    }

    /// Logs a notice, and marks ids that cannot be requested as unrepairable.
    private func report(_ notice: PipelineNotice) async {
        notices.log(notice)
        guard case .numberingReset(let instrument, _, _, let numbering) = notice else { return }
        // The venue has other trades under the ids of the numbering before.
        await writer.markUnrepairable(0...(TradeNumbering.base(of: numbering) - 1), of: instrument)
    }

    /// Fills windows from the venue's candles while the feed already runs.
    func fetchCandles(_ wanted: [WarmStartOutcome.MissingCandles]) async throws {
        var instruments: Set<InstrumentID> = []
        let fetch = CandleFetch(feed: feed, logger: logger, onFailure: { history.finish(feed: index) })
        try await fetch.run(wanted) { instrument, bars in
            instruments.insert(instrument)
            await apply(market.adopt([instrument: bars], from: index))
        }
        if !instruments.isEmpty { try await renewWindows(of: instruments) }
        history.finish(feed: index)
    }

    /// Treats the candles as stored bars of the past, as after a restart: in the running windows they are revised bars,
    /// on which neither tests nor signals of the past have run.
    private func renewWindows(of instruments: Set<InstrumentID>) async throws {
        while true {
            do {
                // The flush precedes the replacement of windows, because bars are recorded from then on.
                try await writer.flush(within: Self.flushTime)
                try await refresh(.candles(instruments))
                logger.info("windows replaced by those of the venue's candles", metadata: ["venue": "\(feed.venue)"])
                return
            } catch {
                try Task.checkCancellation()
                logger.warning(
                    "candles have not reached the windows yet; trying again",
                    metadata: ["venue": "\(feed.venue)", "reason": "\(error)"]
                )
                try await Task.sleep(for: Self.refreshPause)
            }
        }
    }
}
