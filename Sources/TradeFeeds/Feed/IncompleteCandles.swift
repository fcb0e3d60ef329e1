package import MarketData

/// A request for candles that failed partway: the candles received, and why the others are missing.
package struct IncompleteCandles: Error, CustomStringConvertible {
    /// The newest candles, oldest first; the missing ones are older.
    package var bars: [Bar]
    /// Whether the venue refused the request itself, so that a retry cannot succeed.
    package var isRefused: Bool
    /// The error of the request.
    package var reason: any Error

    /// A failure from its parts.
    package init(bars: [Bar], isRefused: Bool, reason: any Error) {
        self.bars = bars
        self.isRefused = isRefused
        self.reason = reason
    }

    /// The reason, and the number of candles received before it.
    package var description: String { bars.isEmpty ? "\(reason)" : "\(reason), after \(bars.count) candles" }
}
