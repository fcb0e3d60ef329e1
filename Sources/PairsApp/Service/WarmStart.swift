import Logging
import MarketData
import PairEngine
import PrometheusExposition
import TradeFeeds
import TradeStore

/// Restores pipelines and pairs from the store, and fills what was never stored from the feeds' own past.
struct WarmStart {
    let store: any TradeStore
    let feeds: [SessionFeed]
    let streams: StreamTable
    /// Counts rows of the database that are left out.
    let damagedRows: Counter
    let logger: Logger

    /// One instrument as of the end of the last run.
    struct Resumed {
        var pipeline: BarPipeline
        /// The last known trade, nil where none is stored.
        var position: StreamPosition?
        /// Its trades within the horizon of the correlation of ticks.
        var ticks: [Trade]
        var bars: [Bar]
        var missingCandles: [WarmStartOutcome.MissingCandles]
    }

    /// Restores everything.
    /// - Parameters:
    ///   - pipelines: one per feed, still empty.
    ///   - engine: still empty.
    ///   - correlator: still empty.
    /// - Returns: the last known trade of each stream, and the candles to request from the venues once their feeds run.
    func run(
        _ pipelines: inout [VenuePipeline],
        _ engine: inout PairEngine,
        _ correlator: inout TickCorrelator
    ) async throws -> WarmStartOutcome {
        var outcome = WarmStartOutcome()
        var bars: [Bar] = []
        for (index, feed) in feeds.enumerated() {
            for empty in pipelines[index].pipelines {
                try Task.checkCancellation()
                let resumed = try await resume(empty, feed: feed, engine: engine, tickHorizon: correlator.horizon)
                pipelines[index].add(resumed.pipeline)
                correlator.append(resumed.ticks)
                outcome.positions[empty.instrument] = resumed.position
                outcome.missingCandles += resumed.missingCandles
                bars += resumed.bars
            }
        }
        report(store.damagedRows)
        outcome.memories = try await store.memories(of: engine)
        engine.warm(with: bars, memories: outcome.memories)
        // Where candles will precede the bars on disk, no tests have run on them.
        outcome.memories = outcome.memories.filter { key, _ in
            !outcome.missingCandles.contains { candles in
                candles.isComplete && candles.timeframe == key.timeframe && [key.y, key.x].contains(candles.instrument)
            }
        }
        logger.info(
            "warm start",
            metadata: [
                "bars": .stringConvertible(bars.count),
                "streams": "\(outcome.positions.count) of \(streams.streams.count)",
            ]
        )
        return outcome
    }

    /// Restores one instrument.
    /// - Parameters:
    ///   - pipeline: of the instrument, still empty.
    ///   - feed: the instrument's feed.
    ///   - engine: with the pairs, which determine the bars that are needed.
    ///   - tickHorizon: microseconds of trades for the correlation of ticks.
    func resume(
        _ pipeline: BarPipeline,
        feed: SessionFeed,
        engine: PairEngine,
        tickHorizon: Int64
    ) async throws -> Resumed {
        let instrument = pipeline.instrument
        let last = try await store.lastTrade(of: instrument)
        let ticks =
            if let last {
                try await store.trades(of: instrument, from: last.time - tickHorizon)
            } else {
                try await feed.feed.ticks(of: instrument, seconds: Int(clamping: tickHorizon / 1_000_000))
            }
        let bars = try await self.bars(of: instrument, feed: feed.feed, engine: engine)
        var pipeline = pipeline
        try await resume(&pipeline, last: last, bars: bars, repairHorizon: feed.settings.repairHorizon)
        return Resumed(
            pipeline: pipeline,
            position: last.map { StreamPosition(lastID: TradeNumbering.venueID($0.id), lastTime: $0.time) },
            ticks: ticks,
            bars: bars.values.flatMap(\.self),
            missingCandles: candlesToFetch(of: instrument, having: bars, engine: engine)
        )
    }

    /// How many damaged rows are named.
    private static let namedRows = 20

    /// Logs the rows that were left out.
    private func report(_ rows: [DamagedRow]) {
        guard !rows.isEmpty else { return }
        damagedRows.increment(by: Double(rows.count))
        for row in rows.prefix(Self.namedRows) {
            logger.warning("a row of the database cannot be right and is left out", metadata: ["row": "\(row)"])
        }
        if rows.count > Self.namedRows {
            logger.warning(
                "further rows of the database are left out",
                metadata: ["rows": .stringConvertible(rows.count)]
            )
        }
    }

    /// The bars between the newest one on disk and the present; all where there is none, or where those on disk begin
    /// too late for the evidence.
    private func candlesToFetch(
        of instrument: InstrumentID,
        having bars: [Timeframe: [Bar]],
        engine: PairEngine
    ) -> [WarmStartOutcome.MissingCandles] {
        let now = WallClock.now()
        return engine.timeframes(of: instrument).compactMap { timeframe in
            let length = engine.historyLength(timeframe: timeframe)
            let open = timeframe.slot(of: now)
            var count = length
            // A clock that is behind the bars on disk is wrong, so the number of missing bars is unknown.
            if let first = bars[timeframe]?.first, let last = bars[timeframe]?.last, last.slot <= open,
                first.slot <= open - Int64(length)
            {
                count = min(Int(clamping: open - last.slot - 1), length)
            }
            return count > 0
                ? .init(instrument: instrument, timeframe: timeframe, count: count, isComplete: count == length) : nil
        }
    }

    private func bars(
        of instrument: InstrumentID,
        feed: any TradeFeed,
        engine: PairEngine
    ) async throws -> [Timeframe: [Bar]] {
        var bars: [Timeframe: [Bar]] = [:]
        for timeframe in engine.timeframes(of: instrument) {
            let count = engine.historyLength(timeframe: timeframe)
            var found = try await store.bars(of: instrument, timeframe: timeframe, last: count)
            if found.isEmpty {
                found = try await feed.history(of: instrument, timeframe: timeframe, count: count)
                if !found.isEmpty { _ = try await store.write(StoreBatch(bars: found)) }
            }
            bars[timeframe] = found
        }
        return bars
    }

    private func resume(
        _ pipeline: inout BarPipeline,
        last: Trade?,
        bars: [Timeframe: [Bar]],
        repairHorizon: Int64
    ) async throws {
        let instrument = pipeline.instrument
        let stored = try await store.openGaps(of: instrument) + store.unrepairableGaps(of: instrument)
        let gaps = stored.map { stored in
            TimedIDGap(
                firstID: stored.gap.firstID,
                lastID: stored.gap.lastID,
                after: stored.precedingTime ?? Timestamp(microseconds: .min),
                before: stored.followingTime ?? Timestamp(microseconds: .max),
                state: stored.gap.state
            )
        }
        let lastKnownID = try await store.lastKnownID(of: instrument)
        pipeline.resume(
            last: last,
            lastKnownID: lastKnownID,
            openGaps: gaps,
            bars: bars,
            repairHorizon: repairHorizon
        )
        guard last != nil, let openTime = pipeline.openTime else { return }
        pipeline.rebuild(from: try await store.trades(of: instrument, from: openTime))
    }
}
