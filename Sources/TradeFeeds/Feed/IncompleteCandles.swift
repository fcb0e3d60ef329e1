public import MarketData

/// Not all candles came: those that did, and why the others did not.
public struct IncompleteCandles: Error, CustomStringConvertible {
    /// The newest candles, oldest first; what is missing is older.
    public var bars: [Bar]
    /// Whether the venue refused the request itself, so that asking again is of no use.
    public var isRefused: Bool
    /// What the request failed with.
    public var reason: any Error

    /// A failure from its parts.
    public init(bars: [Bar], isRefused: Bool, reason: any Error) {
        self.bars = bars
        self.isRefused = isRefused
        self.reason = reason
    }

    /// The reason, and how much came before.
    public var description: String { bars.isEmpty ? "\(reason)" : "\(reason), after \(bars.count) candles" }
}
