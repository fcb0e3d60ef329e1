import MarketData
import PairEngine
import TradeFeeds
import TradeStore

/// Adds and removes instruments while a session runs. The others keep their connection, their trades and their bars.
extension FeedSession {
    /// What a configuration changes about the instruments of one feed.
    struct InstrumentChange {
        /// The streams that the feed is to follow in addition.
        var added: [TradeStream]
        /// The instruments that no pair needs.
        var removed: Set<InstrumentID>

        var isEmpty: Bool { added.isEmpty && removed.isEmpty }
    }

    /// The changes of each feed that lead to a configuration, nil where another session is needed for it.
    func changes(to next: Configuration) async throws(StartError) -> [InstrumentChange]? {
        guard next.bars == configuration.bars, Set(next.timeframes).isSubset(of: configuration.timeframes) else {
            return nil
        }
        let wanted = try SessionFeeds.streams(of: next)
        let changes = zip(await marketEngine.instruments, wanted).map { followed, wanted in
            InstrumentChange(
                added: wanted.filter { stream in
                    streams.id(of: stream.instrument).map { !followed.contains($0) } ?? true
                },
                removed: Set(followed).subtracting(wanted.compactMap { streams.id(of: $0.instrument) })
            )
        }
        let canChange = zip(feeds, changes).allSatisfy { $0.feed.changesStreams || $1.isEmpty }
        return canChange ? changes : nil
    }

    /// Follows further instruments, from their last stored trade on.
    /// - Returns: what remains to be fetched for each feed.
    func add(_ changes: [InstrumentChange], for next: Configuration) async throws -> [WarmStartOutcome] {
        _ = try await store.add(changes.flatMap(\.added))
        let engine = engine(for: next)
        var outcomes: [WarmStartOutcome] = []
        for (feed, change) in changes.enumerated() {
            var outcome = WarmStartOutcome()
            var pipelines: [BarPipeline] = []
            var ticks: [Trade] = []
            for instrument in change.added.compactMap({ streams.id(of: $0.instrument) }) {
                let resumed = try await warmStart.resume(
                    await marketEngine.emptyPipeline(of: instrument, feed: feed),
                    feed: feeds[feed],
                    engine: engine,
                    tickHorizon: next.tickCorrelationHorizon
                )
                pipelines.append(resumed.pipeline)
                ticks += resumed.ticks
                outcome.positions[instrument] = resumed.position
                outcome.missingCandles += resumed.missingCandles
            }
            outcomes.append(outcome)
            await marketEngine.add(pipelines, ticks: ticks, to: feed)
            guard !pipelines.isEmpty else { continue }
            await update(feed, to: await marketEngine.instruments[feed], resuming: outcome.positions)
        }
        return outcomes
    }

    /// Stops following the instruments of a change that failed.
    func removeAdded(_ changes: [InstrumentChange]) async {
        for (feed, change) in changes.enumerated() {
            await remove(Set(change.added.compactMap { streams.id(of: $0.instrument) }), from: feed)
        }
    }

    /// Stops following some instruments of a feed.
    func remove(_ instruments: Set<InstrumentID>, from feed: Int) async {
        guard !instruments.isEmpty else { return }
        let rest = await marketEngine.instruments[feed].filter { !instruments.contains($0) }
        await update(feed, to: rest)
        await marketEngine.remove(instruments)
    }

    /// Changes the streams that a feed follows; the feed may not run yet.
    private func update(
        _ feed: Int,
        to instruments: [InstrumentID],
        resuming positions: [InstrumentID: StreamPosition] = [:]
    ) async {
        await feeds[feed].feed.update(
            streams: streams.streams(of: instruments),
            resuming: positions
        )
    }
}
