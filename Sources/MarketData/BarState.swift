/// What a bar's value is based on.
public enum BarState: String, Sendable, CaseIterable {
    /// At least one trade.
    case traded
    /// No trade: the last close, carried forward.
    case carried
    /// Trades are known to be missing: no value.
    case gap
}
