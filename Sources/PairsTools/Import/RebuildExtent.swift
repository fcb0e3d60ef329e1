import MarketData

/// Which bars are built again after an import.
struct RebuildExtent {
    /// A close that later bars carry although its trades are not on disk.
    struct KeptClose {
        let timeframe: Timeframe
        let slot: Int64
        let close: Double

        /// The last moment of its bar.
        var time: Timestamp { timeframe.closeTime(of: slot) - 1 }
    }

    /// The times of the trades that the bars are built from.
    var times: ClosedRange<Timestamp>
    /// The time up to which bars have closed.
    var end: Timestamp
    /// The bars, by length: ranges of slots, ascending and disjoint.
    var slots: [Timeframe: [ClosedRange<Int64>]] = [:]
    /// Closes from before the bars, by time.
    var closes: [KeptClose] = []

    /// Adds slots of one length.
    mutating func add(_ range: ClosedRange<Int64>, of timeframe: Timeframe) {
        let ranges = (slots[timeframe, default: []] + [range]).sorted { $0.lowerBound < $1.lowerBound }
        slots[timeframe] = ranges.reduce(into: []) { merged, range in
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
    }

    /// Joins extents that touch, so that each trade is read once.
    static func merged(_ extents: [RebuildExtent]) -> [RebuildExtent] {
        extents.sorted { $0.times.lowerBound < $1.times.lowerBound }.reduce(into: []) { merged, extent in
            guard var last = merged.last, extent.times.lowerBound <= last.times.upperBound + 1 else {
                merged.append(extent)
                return
            }
            last.times = last.times.lowerBound...max(last.times.upperBound, extent.times.upperBound)
            last.end = max(last.end, extent.end)
            for (timeframe, ranges) in extent.slots {
                for range in ranges { last.add(range, of: timeframe) }
            }
            last.closes = (last.closes + extent.closes).sorted { $0.time < $1.time }
            merged[merged.count - 1] = last
        }
    }
}
