/// Thresholds at which a deviation deserves attention, each with the level at which it ends.
public struct SignalsConfiguration: Sendable, Hashable {
    /// Size of the forecast z-score at which it is extreme.
    public internal(set) var zScoreEntry = 2.0
    /// Size of the forecast z-score below which it no longer is.
    public internal(set) var zScoreExit = 0.5
    /// Return correlation below which a pair has broken down.
    public internal(set) var correlationFloor = 0.5
    /// Return correlation above which it has recovered.
    public internal(set) var correlationFloorExit = 0.6
    /// Recent over usual spread volatility at which it spikes.
    public internal(set) var volatilitySpikeRatio = 2.0
    /// The ratio below which the spike is over.
    public internal(set) var volatilitySpikeExit = 1.5
    /// Cointegration p-value above which the spread may not be stationary.
    public internal(set) var pValue = 0.05
    /// The p-value below which that doubt is over.
    public internal(set) var pValueExit = 0.03
    /// Bars a state lasts at least.
    public internal(set) var dwellBars = 3
    /// Bars that count as recent.
    public internal(set) var recentBars = 20

    mutating func read(_ node: ConfigurationNode) throws(ConfigurationError) {
        let entries = try node.mapping([
            "zscore_entry", "zscore_exit", "correlation_floor", "correlation_floor_exit", "volatility_spike_ratio",
            "volatility_spike_exit", "pvalue", "pvalue_exit", "dwell_bars", "recent_bars",
        ])
        if let node = entries["zscore_entry"] { zScoreEntry = try node.number(0...100) }
        if let node = entries["zscore_exit"] { zScoreExit = try node.number(0...100) }
        if let node = entries["correlation_floor"] { correlationFloor = try node.number(0...1) }
        if let node = entries["correlation_floor_exit"] { correlationFloorExit = try node.number(0...1) }
        if let node = entries["volatility_spike_ratio"] { volatilitySpikeRatio = try node.number(0...1000) }
        if let node = entries["volatility_spike_exit"] { volatilitySpikeExit = try node.number(0...1000) }
        if let node = entries["pvalue"] { pValue = try node.number(0...1) }
        if let node = entries["pvalue_exit"] { pValueExit = try node.number(0...1) }
        if let node = entries["dwell_bars"] { dwellBars = try node.integer(1...10_000) }
        if let node = entries["recent_bars"] { recentBars = try node.integer(2...10_000) }
        try checkOrder("zscore_exit", zScoreExit, below: "zscore_entry", zScoreEntry, entries, node)
        try checkOrder(
            "correlation_floor",
            correlationFloor,
            below: "correlation_floor_exit",
            correlationFloorExit,
            entries,
            node
        )
        try checkOrder(
            "volatility_spike_exit",
            volatilitySpikeExit,
            below: "volatility_spike_ratio",
            volatilitySpikeRatio,
            entries,
            node
        )
        try checkOrder("pvalue_exit", pValueExit, below: "pvalue", pValue, entries, node)
    }

    private func checkOrder(
        _ lower: String,
        _ lowerValue: Double,
        below upper: String,
        _ upperValue: Double,
        _ entries: [String: ConfigurationNode],
        _ node: ConfigurationNode
    ) throws(ConfigurationError) {
        if lowerValue >= upperValue {
            let place = entries[lower] ?? entries[upper] ?? node
            throw place.error("\(lower) (\(lowerValue)) must be below \(upper) (\(upperValue))")
        }
    }
}
