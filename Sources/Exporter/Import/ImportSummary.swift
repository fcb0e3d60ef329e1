public import MarketData

/// What the import of one file came to.
public struct ImportSummary: Sendable {
    /// Ids that the import has found missing, of one instrument.
    public struct Missing: Hashable, Sendable {
        /// Whose ids.
        public var stream: TradeStream
        /// The ids, which lie between two that are on disk.
        public var ids: ClosedRange<Int64>
    }

    /// A line that gave no row.
    public struct Fault: Hashable, Sendable {
        /// Its number, from 1.
        public var line: Int
        /// What is wrong with it.
        public var problem: String
    }

    /// The file.
    public var path: String
    /// Whether its SHA-256 was compared with a published one.
    public var isVerified = false
    /// Whether nothing was done because the same content has been imported before.
    public var wasImported = false
    /// Trades in the file.
    public var trades = 0
    /// Those that were not on disk.
    public var newTrades = 0
    /// Bars written.
    public var bars = 0
    /// Ids that are on disk neither from this file nor from elsewhere.
    public var missing: [Missing] = []
    /// Whether the source numbers its trades; where it does not, nothing can be said of missing ones.
    public var isNumbered = true
    /// How many lines gave no row.
    public var faultCount = 0
    /// The first of them.
    public var faults: [Fault] = []
}
