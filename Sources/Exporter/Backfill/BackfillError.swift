public import MarketData

/// Why no history was written.
public enum BackfillError: Error, Sendable, CustomStringConvertible {
    /// The database has nothing of the pairs in that time.
    case nothing(path: String)
    /// A reading would have been another one had the future not been known.
    case looksAhead(pair: String, timeframe: Timeframe, time: Timestamp)

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .nothing(let path):
            "\(path): no bars and no trades of the configured pairs in that time; check --from and --to, or import some"
        case .looksAhead(let pair, let timeframe, let time):
            "the self-check failed: readings of \(pair) at \(timeframe) up to \(time) change with what came later"
        }
    }
}
