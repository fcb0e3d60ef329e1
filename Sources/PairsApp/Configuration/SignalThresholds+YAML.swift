import PairEngine

extension SignalThresholds {
    /// The thresholds by the names that the configuration gives them, which are values of the label `threshold` too.
    static let named: [(name: String, value: @Sendable (SignalThresholds) -> Double)] = [
        ("zscore_entry", { $0.zScoreEntry }), ("zscore_exit", { $0.zScoreExit }),
        ("correlation_floor", { $0.correlationFloor }), ("correlation_floor_exit", { $0.correlationFloorExit }),
        ("volatility_spike_ratio", { $0.volatilitySpikeRatio }), ("volatility_spike_exit", { $0.volatilitySpikeExit }),
        ("pvalue", { $0.pValue }), ("pvalue_exit", { $0.pValueExit }),
    ]

    mutating func read(_ node: ConfigurationNode) throws(ConfigurationError) {
        let entries = try node.mapping(Self.named.map(\.name) + ["dwell_bars", "recent_bars"])
        if let node = entries["zscore_entry"] { zScoreEntry = try node.number(0...100) }
        if let node = entries["zscore_exit"] { zScoreExit = try node.number(0...100) }
        if let node = entries["correlation_floor"] { correlationFloor = try node.number(0...1) }
        if let node = entries["correlation_floor_exit"] { correlationFloorExit = try node.number(0...1) }
        if let node = entries["volatility_spike_ratio"] { volatilitySpikeRatio = try node.number(0...1000) }
        if let node = entries["volatility_spike_exit"] { volatilitySpikeExit = try node.number(0...1000) }
        if let node = entries["pvalue"] { pValue = try node.number(0...1) }
        if let node = entries["pvalue_exit"] { pValueExit = try node.number(0...1) }
        if let node = entries["dwell_bars"] { dwellBars = try node.integer(1...1000) }
        if let node = entries["recent_bars"] { recentBars = try node.integer(5...10_000) }
        for (lower, upper) in [
            ("zscore_exit", "zscore_entry"), ("correlation_floor", "correlation_floor_exit"),
            ("volatility_spike_exit", "volatility_spike_ratio"), ("pvalue_exit", "pvalue"),
        ] {
            guard let lowerValue = value(lower), let upperValue = value(upper), lowerValue >= upperValue else {
                continue
            }
            let place = entries[lower] ?? entries[upper] ?? node
            throw place.error("\(lower) (\(lowerValue)) must be below \(upper) (\(upperValue))")
        }
    }

    private func value(_ name: String) -> Double? {
        Self.named.first { $0.name == name }?.value(self)
    }
}
