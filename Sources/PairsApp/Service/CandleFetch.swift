import Logging
import MarketData
import TradeFeeds

/// Fetches the candles that windows lack, one instrument and timeframe after another.
///
/// Where a request fails, the candles that have arrived are kept and the rest is requested again, after a pause that
/// doubles.
struct CandleFetch {
    /// How many consecutive requests may fail before the windows fill from trades alone.
    static let attempts = 6

    let feed: any TradeFeed
    let logger: Logger
    /// The pause after the first failure.
    var pause = Duration.seconds(2)
    /// Called whenever a request has failed.
    var onFailure: @Sendable () -> Void = {}

    /// Runs until all candles have arrived, or the venue does not answer.
    /// - Parameter deliver: receives the candles of an instrument and timeframe, oldest first; never none.
    func run(
        _ wanted: [WarmStartOutcome.MissingCandles],
        into deliver: (InstrumentID, [Bar]) async -> Void
    ) async throws {
        var failures = 0
        for item in wanted where failures < Self.attempts {
            let bars = try await candles(item, &failures)
            if !bars.isEmpty { await deliver(item.instrument, bars) }
        }
    }

    /// Repeats the request until all candles of an item have arrived, or another request is of no use.
    private func candles(_ item: WarmStartOutcome.MissingCandles, _ failures: inout Int) async throws -> [Bar] {
        var bars: [Bar] = []
        while failures < Self.attempts {
            if failures > 0 { try await Task.sleep(for: pause * (1 << (failures - 1))) }
            let first = bars.first?.slot
            let known = bars.last.map { Int(clamping: $0.slot - (first ?? $0.slot) + 1) } ?? 0
            do {
                bars =
                    try await feed.candles(
                        of: item.instrument,
                        timeframe: item.timeframe,
                        count: item.count - known,
                        before: first
                    ) + bars
                failures = 0
                return bars
            } catch {
                try Task.checkCancellation()
                onFailure()
                logger.warning(
                    "the venue's candles could not be fetched",
                    metadata: ["venue": "\(feed.venue)", "timeframe": "\(item.timeframe)", "reason": "\(error)"]
                )
                let incomplete = error as? IncompleteCandles
                if let incomplete, !incomplete.bars.isEmpty {
                    bars = incomplete.bars + bars
                    failures = 0
                }
                if incomplete?.isRefused == true { return bars }
                failures += 1
            }
        }
        return bars
    }
}
