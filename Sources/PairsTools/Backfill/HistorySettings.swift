package import MarketData
package import PairsApp

/// Which part of the stored history is read, and how readings are made from it.
package struct HistorySettings: Sendable {
    /// The pairs, their windows, and how bars are built and tests run.
    package var configuration: Configuration
    /// The database.
    package var path: String
    /// The first moment; nil means the first stored bar or trade.
    package var from: Timestamp?
    /// The last moment; nil means the last stored bar or trade.
    package var through: Timestamp?

    /// Settings that follow a configuration, with `path` in place of its database.
    package init(_ configuration: Configuration, path: String?, from: Timestamp?, through: Timestamp?) {
        self.configuration = configuration
        self.path = path ?? configuration.storage.path
        self.from = from
        self.through = through
    }
}
