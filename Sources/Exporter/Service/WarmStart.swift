import Logging
import MarketData
import PairEngine
import PrometheusExposition
import TradeFeeds
import TradeStore

/// Brings pipelines and pairs to where the last run left them, and fills what it never had from the feeds' own past.
struct WarmStart {
    let store: any TradeStore
    let feeds: [any TradeFeed]
    let streams: StreamTable
    /// How far back each feed is asked for missing trades, in microseconds.
    let repairHorizons: [Int64]
    /// Counts rows of the database that are left out.
    let damagedRows: Counter
    let logger: Logger

    /// Resumes everything.
    /// - Parameters:
    ///   - pipelines: one per feed, still empty.
    ///   - engine: still empty.
    ///   - correlator: still empty.
    /// - Returns: the last known trade of each stream, and what to ask the venues for once their feeds run.
    func run(
        _ pipelines: inout [VenuePipeline],
        _ engine: inout PairEngine,
        _ correlator: inout TickCorrelator
    ) async throws -> WarmStartOutcome {
        var outcome = WarmStartOutcome()
        var bars: [Bar] = []
        for (index, feed) in feeds.enumerated() {
            for instrument in pipelines[index].instruments.map({ InstrumentID($0) }) {
                try Task.checkCancellation()
                let last = try await store.lastTrade(of: instrument)
                if let last {
                    let lastID = TradeNumbering.venueID(last.id)
                    outcome.positions[instrument] = StreamPosition(lastID: lastID, lastTime: last.time)
                    correlator.append(try await store.trades(of: instrument, from: last.time - correlator.horizon))
                } else {
                    let seconds = Int(clamping: correlator.horizon / 1_000_000)
                    correlator.append(try await feed.ticks(of: instrument, seconds: seconds))
                }
                let barsByTimeframe = try await self.bars(of: instrument, feed: feed, engine: engine)
                let horizon = repairHorizons[index]
                try await resume(&pipelines[index], instrument, last: last, bars: barsByTimeframe, repairHorizon: horizon)
                outcome.wantedCandles += wanted(of: instrument, having: barsByTimeframe, engine: engine)
                bars += barsByTimeframe.values.flatMap(\.self)
            }
        }
        report(store.damagedRows)
        outcome.memories = try await memories(of: engine)
        engine.warm(with: bars, memories: outcome.memories)
        // Where candles will reach before the bars on disk, tests of those have not run.
        outcome.memories = outcome.memories.filter { key, _ in
            !outcome.wantedCandles.contains { candles in
                candles.isWhole && candles.timeframe == key.timeframe && [key.y, key.x].contains(candles.instrument)
            }
        }
        logger.info(
            "Warm start",
            metadata: ["bars": "\(bars.count)", "streams": "\(outcome.positions.count) of \(streams.streams.count)"]
        )
        return outcome
    }

    /// How many damaged rows are named.
    private static let namedRows = 20

    /// Names the rows that were left out.
    private func report(_ rows: [DamagedRow]) {
        guard !rows.isEmpty else { return }
        damagedRows.increment(by: Double(rows.count))
        for row in rows.prefix(Self.namedRows) {
            logger.warning("A row of the database cannot be right and is left out", metadata: ["row": "\(row)"])
        }
        if rows.count > Self.namedRows {
            logger.warning("Further rows of the database are left out", metadata: ["rows": "\(rows.count)"])
        }
    }

    /// What tests left.
    private func memories(of engine: PairEngine) async throws -> [ReadingKey: ReadingMemory] {
        var memories: [ReadingKey: ReadingMemory] = [:]
        for reading in engine.readings.indices {
            let key = engine.key(of: reading)
            let states = try await store.readingStates(of: key.y, key.x, timeframe: key.timeframe)
            memories[key] = states.first { $0.window == key.window && $0.settings == key.settings }?.memory
        }
        return memories
    }

    /// The bars between the newest one on disk and the present; all where there is none, or where those on disk begin too
    /// late for the evidence.
    private func wanted(
        of instrument: InstrumentID,
        having bars: [Timeframe: [Bar]],
        engine: PairEngine
    ) -> [WarmStartOutcome.WantedCandles] {
        let now = WallClock.now()
        return engine.timeframes(of: instrument).compactMap { timeframe in
            let length = engine.historyLength(timeframe: timeframe)
            let open = timeframe.slot(of: now)
            var count = length
            // A clock that is behind what is on disk is wrong: how much is missing is not known.
            if let first = bars[timeframe]?.first, let last = bars[timeframe]?.last, last.slot <= open,
                first.slot <= open - Int64(length)
            {
                count = min(Int(clamping: open - last.slot - 1), length)
            }
            return count > 0
                ? .init(instrument: instrument, timeframe: timeframe, count: count, isWhole: count == length) : nil
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
        _ pipeline: inout VenuePipeline,
        _ instrument: InstrumentID,
        last: Trade?,
        bars: [Timeframe: [Bar]],
        repairHorizon: Int64
    ) async throws {
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
        let openTime = pipeline.withPipeline(of: instrument) { pipeline in
            pipeline.resume(
                last: last,
                lastKnownID: lastKnownID,
                openGaps: gaps,
                bars: bars,
                repairHorizon: repairHorizon
            )
            return pipeline.openTime
        }
        guard last != nil, let openTime = openTime ?? nil else { return }
        let trades = try await store.trades(of: instrument, from: openTime)
        pipeline.withPipeline(of: instrument) { $0.rebuild(from: trades) }
    }
}
