import Logging
import MarketData
import PairEngine
import TradeFeeds
import TradeStore

/// Brings tapes and pairs to where the last run left them, and fills what it never had from the feeds' own past.
struct WarmStart {
    let store: any TradeStore
    let feeds: [any TradeFeed]
    let streams: StreamTable
    let logger: Logger

    /// Resumes everything.
    /// - Parameters:
    ///   - tapes: one per feed, still empty.
    ///   - engine: still empty.
    ///   - correlator: still empty.
    /// - Returns: the last known trade of each stream.
    func run(
        _ tapes: inout [VenueTape],
        _ engine: inout PairEngine,
        _ correlator: inout TickCorrelator
    ) async throws -> [InstrumentID: StreamPosition] {
        var positions: [InstrumentID: StreamPosition] = [:]
        var bars: [Bar] = []
        for (index, feed) in feeds.enumerated() {
            for instrument in tapes[index].instruments.map({ InstrumentID($0) }) {
                let last = try await store.lastTrade(of: instrument)
                if let last {
                    positions[instrument] = StreamPosition(lastID: last.id, lastTime: last.time)
                    for trade in try await store.trades(of: instrument, from: last.time - correlator.horizon) {
                        correlator.append(trade)
                    }
                }
                let barsByTimeframe = try await self.bars(of: instrument, feed: feed, engine: engine)
                try await resume(&tapes[index], instrument, last: last, bars: barsByTimeframe)
                bars += barsByTimeframe.values.flatMap(\.self)
            }
        }
        engine.warm(with: bars)
        logger.info(
            "Warm start",
            metadata: ["bars": "\(bars.count)", "streams": "\(positions.count) of \(streams.streams.count)"]
        )
        return positions
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
        _ tape: inout VenueTape,
        _ instrument: InstrumentID,
        last: Trade?,
        bars: [Timeframe: [Bar]]
    ) async throws {
        let holes = try await store.openHoles(of: instrument).map { stored in
            OpenHole(
                firstID: stored.hole.firstID,
                lastID: stored.hole.lastID,
                after: stored.precedingTime ?? Timestamp(microseconds: .min),
                before: stored.followingTime ?? Timestamp(microseconds: .max)
            )
        }
        let lastKnownID = try await store.lastKnownID(of: instrument)
        let openTime = tape.withTape(of: instrument) { tape in
            tape.resume(last: last, lastKnownID: lastKnownID, openHoles: holes, bars: bars)
            return tape.openTime
        }
        guard last != nil, let openTime = openTime ?? nil else { return }
        let trades = try await store.trades(of: instrument, from: openTime)
        tape.withTape(of: instrument) { $0.rebuild(from: trades) }
    }
}
