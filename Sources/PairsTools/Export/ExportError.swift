package import MarketData

/// What an export cannot find. The lists have the nearest first.
package enum ExportError: Error, Sendable, CustomStringConvertible {
    /// The database has no trades or bars of the instrument.
    case unknownInstrument(path: String, kind: HistoryExport.Kind, instrument: Instrument, known: [Instrument])
    /// The database has no bars of these lengths of the instruments; no instruments means all.
    case noBars(path: String, instruments: [Instrument], timeframes: [Timeframe], stored: [Timeframe])
    /// No configured pair has readings at this length.
    case notConfigured(timeframe: Timeframe, configured: [Timeframe])

    /// The request, and what there is.
    package var description: String {
        switch self {
        case .unknownInstrument(let path, let kind, let instrument, let known):
            "\(path): no \(kind.rawValue) of \(instrument); \(Self.presence(known, kind))"
        case .noBars(let path, let instruments, let timeframes, let stored):
            "\(path): no \(Self.list(timeframes)) bars" + (instruments.isEmpty ? "" : " of \(Self.list(instruments))")
                + "; stored: \(stored.isEmpty ? "none" : Self.list(stored))"
        case .notConfigured(let timeframe, let configured):
            "no configured pair has readings at \(timeframe); configured: \(Self.list(configured))"
        }
    }

    private static func presence(_ known: [Instrument], _ kind: HistoryExport.Kind) -> String {
        known.isEmpty
            ? "the database has no \(kind.rawValue)" : "the database has \(kind.rawValue) of \(list(known))"
    }

    /// The first ten items, and how many more there are.
    static func list(_ items: [some CustomStringConvertible]) -> String {
        let shown = items.prefix(10).map(\.description).joined(separator: ", ")
        return items.count > 10 ? "\(shown) and \(items.count - 10) more" : shown
    }
}
