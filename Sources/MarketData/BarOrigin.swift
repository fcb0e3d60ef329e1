/// What a bar was made from.
public enum BarOrigin: String, Sendable, CaseIterable {
    /// Trades that this program saw.
    case trades
    /// The venue's own candles, fetched to warm a window.
    case klines
}
