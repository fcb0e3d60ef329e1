import MarketData
import TradeStore

/// Finds which bars an import changes: from the bar of the last trade before it, in any stream, to the bar of the next
/// one after it, because the bars in between carry a close.
struct ExtentFinder {
    let store: any TradeSourceReader & RebuiltBarStore
    let instrument: InstrumentID
    let timeframes: [Timeframe]
    /// The time up to which bars close after the last trade.
    let end: Timestamp

    /// The extents of several spans of imported times. Where the last trade on disk was not imported, its close is
    /// carried up to the end as well.
    func extents(of imported: [ClosedRange<Timestamp>]) async throws -> [RebuildExtent] {
        let latest = try await store.tradeTime(of: instrument, before: Timestamp(microseconds: .max))
        var spans = imported
        if let latest, latest < end, imported.allSatisfy({ $0.upperBound < latest }) { spans.append(latest...latest) }
        var extents: [RebuildExtent] = []
        for times in spans {
            try await extents.append(extent(of: times, latest: max(latest ?? end, end)))
        }
        return RebuildExtent.merged(extents)
    }

    private func extent(of times: ClosedRange<Timestamp>, latest: Timestamp) async throws -> RebuildExtent {
        let previous = try await store.tradeTime(of: instrument, before: times.lowerBound) ?? times.lowerBound
        let next = try await store.tradeTime(of: instrument, after: times.upperBound)
        let start = timeframes.map { $0.openTime(of: $0.slot(of: previous)) }.min() ?? previous
        var through = Timestamp(microseconds: .max)
        var end = try await max(latest, builtEnd())
        if let next {
            through = (timeframes.map { $0.closeTime(of: $0.slot(of: next)) }.max() ?? next) - 1
            end = min(end, through + 1)
        }
        var extent = RebuildExtent(times: start...max(start, through), end: end)
        for timeframe in timeframes {
            var first = timeframe.slot(of: previous)
            var last = timeframe.slot(of: next ?? end)
            // Bars whose trades were removed by retention stay, and their close is carried.
            if let kept = try await store.tradedBar(
                of: instrument,
                timeframe: timeframe,
                before: timeframe.slot(of: times.lowerBound)
            ), kept.slot > first || previous == times.lowerBound {
                first = kept.slot + 1
                extent.closes.append(.init(timeframe: timeframe, slot: kept.slot, close: kept.close))
            }
            if let kept = try await store.tradedBar(
                of: instrument,
                timeframe: timeframe,
                after: timeframe.slot(of: times.upperBound)
            ) {
                last = min(last, next.map { kept.slot < timeframe.slot(of: $0) } ?? true ? kept.slot - 1 : last)
            }
            if first <= last { extent.add(first...last, of: timeframe) }
        }
        extent.closes.sort { $0.time < $1.time }
        return extent
    }

    /// The time up to which bars were built before.
    private func builtEnd() async throws -> Timestamp {
        var built = end
        for timeframe in timeframes {
            guard let slot = try await store.lastBuiltSlot(of: instrument, timeframe: timeframe) else { continue }
            built = max(built, timeframe.closeTime(of: slot))
        }
        return built
    }
}
