/// What a bar was made from.
public enum BarOrigin: String, Sendable, CaseIterable {
    /// Trades that this program received.
    case trades
    /// The venue's own candles, fetched to warm a window.
    case klines
}
