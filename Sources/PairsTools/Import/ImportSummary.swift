package import MarketData
package import TradeFiles

/// The result of the import of one file.
package struct ImportSummary: Sendable {
    /// The part of a file that is one stream of trades, or the bars of one instrument and length.
    package struct Content: Hashable, Sendable {
        /// The instrument of the trades or bars.
        package var instrument: Instrument
        /// The stream of the trades; nil for bars.
        package var stream: String?
        /// The length of the bars; nil for trades.
        package var timeframe: Timeframe?
        /// From the first trade or the opening of the first bar to the last.
        package var times: ClosedRange<Timestamp>
        /// Trades or bars that the file has.
        package var rows: Int
        /// Trades that were not on disk, or bars that were written: a bar that was built from trades is not replaced.
        var newRows = 0
        /// Records that are not market trades, such as those of an insurance fund, and are not stored.
        var otherRecords = 0
        /// Bars that were built from trades, in the time from this file to the next of the instrument.
        var builtBars = 0
    }

    /// Ids that the import has found missing, of one stream.
    package struct Missing: Hashable, Sendable {
        /// The stream of the ids.
        package var stream: TradeStream
        /// The ids, which lie between two that are on disk.
        package var ids: ClosedRange<Int64>
    }

    /// The file.
    package var path: String
    /// Whether its SHA-256 was compared with a published one.
    var isVerified = false
    /// Whether nothing was done because the same content has been imported before.
    var wasImported = false
    /// The contents of the file.
    package var contents: [Content] = []
    /// Rows read, the refused ones included.
    package var rows = 0
    /// Rows that cannot be used.
    package var refused = RefusedRows()
    /// Rows that repeat another one.
    package var repeats = 0
    /// The first runs of ids that are on disk neither from this file nor from elsewhere.
    package var missing: [Missing] = []
    /// How many further runs there are.
    var furtherMissing = 0

    /// A summary without contents.
    package init(path: String) {
        self.path = path
    }

    /// Trades in the file.
    package var trades: Int { contents.reduce(0) { $0 + ($1.stream == nil ? 0 : $1.rows) } }
    /// Those that were not on disk.
    var newTrades: Int { contents.reduce(0) { $0 + ($1.stream == nil ? 0 : $1.newRows) } }
    /// Bars written.
    package var bars: Int { contents.reduce(0) { $0 + ($1.stream == nil ? $1.newRows : $1.builtBars) } }
}

/// The outcome of one file of an import.
package struct ImportOutcome: Sendable {
    /// The file.
    package let path: String
    /// The result of its import, or why the file was not imported: a `ReplayError` or an ``ImportError``.
    package var result: Result<ImportSummary, any Error>
}
