import MarketData

/// The bars that closed while an engine was being warmed, each once and in order: some may be in the store as well.
struct RecordedBars {
    private struct Key: Hashable {
        let instrument: InstrumentID
        let timeframe: Timeframe
        let slot: Int64
    }

    /// By ascending slot.
    let bars: [Bar]

    /// - Parameters:
    ///   - later: stored bars.
    ///   - recording: bars of the market engine; used where both have a bar.
    init(later: [Bar], recording: [Bar]) {
        var known: [Key: Bar] = [:]
        for bar in later + recording {
            known[Key(instrument: bar.instrument, timeframe: bar.timeframe, slot: bar.slot)] = bar
        }
        bars = known.values.sorted { ($0.slot, $0.instrument) < ($1.slot, $1.instrument) }
    }
}
