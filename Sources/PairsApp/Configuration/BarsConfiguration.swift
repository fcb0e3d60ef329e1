/// How bars are built and pairs aligned; durations in microseconds.
package struct BarsConfiguration: Sendable, Hashable {
    /// How long a trade may arrive behind a later one and still join its bar.
    package internal(set) var lateness: Int64 = 250_000
    /// How long after its end a bar of one leg waits for the other leg.
    package internal(set) var pairTimeout: Int64 = 2_000_000
    /// Bars without a trade that carry the last close.
    package internal(set) var carryLimit = 20
    /// Share of a window that must be valid before a reading is published.
    package internal(set) var minimumFill = 0.9

    mutating func read(_ node: ConfigurationNode) throws(ConfigurationError) {
        let entries = try node.mapping(["lateness", "pair_timeout", "carry_limit", "min_fill"])
        if let node = entries["lateness"] { lateness = try node.duration(from: "0ms", to: "1m") }
        if let node = entries["pair_timeout"] { pairTimeout = try node.duration(from: "1ms", to: "10m") }
        if let node = entries["carry_limit"] { carryLimit = try node.integer(0...100_000) }
        if let node = entries["min_fill"] { minimumFill = try node.number(0.1...1) }
        if pairTimeout <= lateness {
            throw (entries["pair_timeout"] ?? entries["lateness"] ?? node).error(
                "pair_timeout (\(DurationText.text(pairTimeout))) must be longer than lateness "
                    + "(\(DurationText.text(lateness))): no bar closes before that"
            )
        }
    }
}
