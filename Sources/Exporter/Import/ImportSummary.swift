public import MarketData
public import TradeFeeds

/// What the import of one file came to.
public struct ImportSummary: Sendable {
    /// What a file holds of one stream of trades, or of the bars of one instrument and length.
    public struct Content: Hashable, Sendable {
        /// Whose trades or bars.
        public var instrument: Instrument
        /// The stream of the trades; nil for bars.
        public var stream: String?
        /// The length of the bars; nil for trades.
        public var timeframe: Timeframe?
        /// From the first trade or the opening of the first bar to the last.
        public var times: ClosedRange<Timestamp>
        /// Trades or bars that the file has.
        public var rows: Int
        /// Those that were not on disk. Of bars those that were written: others stand where bars of trades are.
        public var newRows = 0
        /// Records of no market trade, such as those of an insurance fund, which are not stored.
        public var otherRecords = 0
        /// Bars that were built from trades, in the time from this file to the next of the instrument.
        public var builtBars = 0
    }

    /// Ids that the import has found missing, of one stream.
    public struct Missing: Hashable, Sendable {
        /// Whose ids.
        public var stream: TradeStream
        /// The ids, which lie between two that are on disk.
        public var ids: ClosedRange<Int64>
    }

    /// The file.
    public var path: String
    /// Whether its SHA-256 was compared with a published one.
    public var isVerified = false
    /// Whether nothing was done because the same content has been imported before.
    public var wasImported = false
    /// What the file holds.
    public var contents: [Content] = []
    /// Rows read, the refused ones included.
    public var rows = 0
    /// Rows that cannot be used.
    public var refused = RefusedRows()
    /// Rows that repeat another one.
    public var repeats = 0
    /// The first runs of ids that are on disk neither from this file nor from elsewhere.
    public var missing: [Missing] = []
    /// How many further runs there are.
    public var furtherMissing = 0

    /// A summary of nothing yet.
    public init(path: String) {
        self.path = path
    }

    /// Trades in the file.
    public var trades: Int { contents.reduce(0) { $0 + ($1.stream == nil ? 0 : $1.rows) } }
    /// Those that were not on disk.
    public var newTrades: Int { contents.reduce(0) { $0 + ($1.stream == nil ? 0 : $1.newRows) } }
    /// Bars written.
    public var bars: Int { contents.reduce(0) { $0 + ($1.stream == nil ? $1.newRows : $1.builtBars) } }
}

/// What became of one file of an import.
public struct ImportOutcome: Sendable {
    /// The file.
    public let path: String
    /// What its import came to, or why the file was not imported: a `ReplayError` or an ``ImportError``.
    public var result: Result<ImportSummary, any Error>
}
