import MarketData
import PairEngine

extension AlertSettings {
    static let keys = ["timeframes", "min_confidence", "zscore", "zscore_exit"]

    /// The levels by the names that the label `threshold` gives them.
    static let named: [(name: String, value: @Sendable (AlertSettings) -> Double)] = [
        ("alert_min_confidence", { $0.minimumConfidence }), ("alert_zscore", { $0.zScore }),
        ("alert_zscore_exit", { $0.zScoreExit }),
    ]

    mutating func read(_ node: ConfigurationNode) throws(ConfigurationError) {
        let entries = try node.mapping(Self.keys)
        if let node = entries["timeframes"] {
            timeframes = try node.uniqueList { item throws(ConfigurationError) in try item.timeframe() }
        }
        if let node = entries["min_confidence"] { minimumConfidence = try node.number(0...1) }
        if let node = entries["zscore"] { zScore = try node.number(0...100) }
        if let node = entries["zscore_exit"] { zScoreExit = try node.number(0...100) }
        guard zScoreExit < zScore else {
            let place = entries["zscore_exit"] ?? entries["zscore"] ?? node
            throw place.error("zscore_exit (\(zScoreExit)) must be below zscore (\(zScore))")
        }
    }
}
