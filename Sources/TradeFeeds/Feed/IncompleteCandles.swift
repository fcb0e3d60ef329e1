package import MarketData

/// Not all candles came: those that did, and why the others did not.
package struct IncompleteCandles: Error, CustomStringConvertible {
    /// The newest candles, oldest first; what is missing is older.
    package var bars: [Bar]
    /// Whether the venue refused the request itself, so that asking again is of no use.
    package var isRefused: Bool
    /// What the request failed with.
    package var reason: any Error

    /// A failure from its parts.
    package init(bars: [Bar], isRefused: Bool, reason: any Error) {
        self.bars = bars
        self.isRefused = isRefused
        self.reason = reason
    }

    /// The reason, and how much came before.
    package var description: String { bars.isEmpty ? "\(reason)" : "\(reason), after \(bars.count) candles" }
}
