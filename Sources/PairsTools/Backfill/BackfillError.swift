package import MarketData

/// Why no history was written.
package enum BackfillError: Error, Sendable, CustomStringConvertible {
    /// The database has nothing of the pairs in that time.
    case nothing(path: String)
    /// The database has neither bars of the pairs' lengths nor trades of these legs; `known` lists what it has, the
    /// nearest first.
    case unknownLegs(path: String, legs: [Instrument], known: [Instrument])
    /// A reading differs when later bars and trades are left out.
    case looksAhead(pair: String, timeframe: Timeframe, time: Timestamp)

    /// What happened, where, and what to do.
    package var description: String {
        switch self {
        case .nothing(let path):
            "\(path): no bars and no trades of the configured pairs in that time; check --from and --to, or import some"
        case .unknownLegs(let path, let legs, let known):
            "\(path): no bars of the pairs' lengths and no trades of \(ExportError.list(legs)); the database has "
                + "\(known.isEmpty ? "no instruments" : ExportError.list(known))"
        case .looksAhead(let pair, let timeframe, let time):
            "the self-check failed: readings of \(pair) at \(timeframe) up to \(time.dateText) change with what came later"
        }
    }
}
