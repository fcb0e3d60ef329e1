import MarketData
import PairEngine
import TradeFeeds
import TradeStore

/// Adds and removes instruments while a session runs. The others keep their connection, their trades and their bars.
extension FeedSession {
    /// What a configuration changes about the instruments of each feed.
    struct InstrumentChange {
        /// The streams that each feed is to follow besides.
        var added: [[TradeStream]]
        /// The instruments that no pair needs.
        var removed: [Set<InstrumentID>]

        var isEmpty: Bool { added.allSatisfy(\.isEmpty) && removed.allSatisfy(\.isEmpty) }
    }

    /// The changes that lead to a configuration, nil where another session is needed for it.
    func change(to next: Configuration) async throws(StartError) -> InstrumentChange? {
        guard next.bars == configuration.bars, Set(next.timeframes).isSubset(of: configuration.timeframes) else {
            return nil
        }
        let followed = await marketEngine.instruments
        let wanted = try SessionFeeds.streams(of: next)
        let change = InstrumentChange(
            added: zip(followed, wanted).map { followed, wanted in
                wanted.filter { stream in streams.id(of: stream.instrument).map { !followed.contains($0) } ?? true }
            },
            removed: zip(followed, wanted).map { followed, wanted in
                Set(followed).subtracting(wanted.compactMap { streams.id(of: $0.instrument) })
            }
        )
        let canChange = feeds.indices.allSatisfy { index in
            feeds[index].changesStreams || (change.added[index].isEmpty && change.removed[index].isEmpty)
        }
        return canChange ? change : nil
    }

    /// Follows further instruments, from where the store has them.
    /// - Returns: what remains to be fetched for each feed.
    func add(_ added: [[TradeStream]], for next: Configuration) async throws -> [WarmStartOutcome] {
        _ = try await store.add(added.flatMap(\.self))
        let engine = engine(for: next)
        var outcomes: [WarmStartOutcome] = []
        for (feed, streams) in added.enumerated() {
            var outcome = WarmStartOutcome()
            var pipelines: [BarPipeline] = []
            var ticks: [Trade] = []
            for instrument in streams.compactMap({ self.streams.id(of: $0.instrument) }) {
                let resumed = try await warmStart.resume(
                    await marketEngine.emptyPipeline(of: instrument, feed: feed),
                    feed: feed,
                    engine: engine,
                    tickHorizon: next.tickCorrelationHorizon
                )
                pipelines.append(resumed.pipeline)
                ticks += resumed.ticks
                outcome.positions[instrument] = resumed.position
                outcome.wantedCandles += resumed.wantedCandles
            }
            outcomes.append(outcome)
            await marketEngine.add(pipelines, ticks: ticks, to: feed)
            guard !pipelines.isEmpty else { continue }
            await update(feed, to: await marketEngine.instruments[feed], resuming: outcome.positions)
        }
        return outcomes
    }

    /// Follows the instruments of a change that failed no longer.
    func removeAdded(_ change: InstrumentChange) async {
        await remove(change.added.map { streams in Set(streams.compactMap { self.streams.id(of: $0.instrument) }) })
    }

    /// Follows some instruments no longer.
    func remove(_ removed: [Set<InstrumentID>]) async {
        for (feed, instruments) in removed.enumerated() where !instruments.isEmpty {
            let rest = await marketEngine.instruments[feed].filter { !instruments.contains($0) }
            await update(feed, to: rest)
            await marketEngine.remove(instruments)
        }
    }

    /// Changes what a feed follows; it may also not run yet.
    private func update(
        _ feed: Int,
        to instruments: [InstrumentID],
        resuming positions: [InstrumentID: StreamPosition] = [:]
    ) async {
        await feeds[feed].update(
            streams: streams.streams(of: instruments),
            resuming: positions
        )
    }
}
