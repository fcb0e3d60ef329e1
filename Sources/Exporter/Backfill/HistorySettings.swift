public import MarketData

/// Which part of the stored history is read, and how readings are made from it.
public struct HistorySettings: Sendable {
    /// The pairs, their windows, and how bars are built and tests run.
    public var configuration: Configuration
    /// The database.
    public var path: String
    /// The first moment; nil means the first stored bar or trade.
    public var from: Timestamp?
    /// The last moment; nil means the last stored bar or trade.
    public var through: Timestamp?

    /// Settings that follow a configuration, with `path` in place of its database.
    public init(_ configuration: Configuration, path: String?, from: Timestamp?, through: Timestamp?) {
        self.configuration = configuration
        self.path = path ?? configuration.storage.path
        self.from = from
        self.through = through
    }
}
