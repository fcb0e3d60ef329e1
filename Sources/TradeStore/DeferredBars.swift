import MarketData

/// Bars of batches that were dropped. Unlike trades they are few, and nobody can be asked for them again, so they wait
/// for the next batch that is written.
struct DeferredBars {
    private struct Key: Hashable {
        let instrument: InstrumentID
        let timeframe: Timeframe
        let slot: Int64
    }

    /// How many wait at most.
    let limit: Int
    private var bars: [Key: Bar] = [:]

    init(limit: Int = 100_000) {
        self.limit = limit
    }

    var isEmpty: Bool { bars.isEmpty }

    /// Keeps bars, of several for one slot the last; returns how many had no room.
    mutating func keep(_ more: [Bar]) -> Int {
        var refused = 0
        for bar in more {
            let key = Key(instrument: bar.instrument, timeframe: bar.timeframe, slot: bar.slot)
            if bars.count < limit || bars[key] != nil { bars[key] = bar } else { refused += 1 }
        }
        return refused
    }

    /// Hands over all that wait.
    mutating func take() -> [Bar] {
        defer { bars = [:] }
        return Array(bars.values)
    }
}
