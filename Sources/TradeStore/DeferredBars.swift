import MarketData

/// Bars of dropped batches. They are few, and no venue can deliver them again, so they wait for the next batch that is
/// written.
struct DeferredBars {
    private struct Key: Hashable {
        let instrument: InstrumentID
        let timeframe: Timeframe
        let slot: Int64
    }

    /// The greatest number of bars that wait.
    let limit: Int
    private var bars: [Key: Bar] = [:]

    init(limit: Int = 100_000) {
        self.limit = limit
    }

    var isEmpty: Bool { bars.isEmpty }

    /// Keeps bars, of several for one slot the last; returns how many did not fit.
    mutating func keep(_ more: [Bar]) -> Int {
        var refused = 0
        for bar in more {
            let key = Key(instrument: bar.instrument, timeframe: bar.timeframe, slot: bar.slot)
            if bars.count < limit || bars[key] != nil { bars[key] = bar } else { refused += 1 }
        }
        return refused
    }

    /// Removes all bars and returns them.
    mutating func removeAll() -> [Bar] {
        defer { bars = [:] }
        return Array(bars.values)
    }
}
