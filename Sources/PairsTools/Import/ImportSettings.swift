package import MarketData
package import PairsApp
package import TradeFeeds
package import TradeFiles
package import TradeStore

/// The settings of an import.
package struct ImportSettings: Sendable {
    /// The database.
    package let location: StoreLocation
    /// The failures that a commit survives.
    package var synchronous: SynchronousMode
    /// The names that files do not state.
    package var naming: TradeFileNaming
    /// The length of the bars in files of bars that do not state it.
    package var timeframe: Timeframe?
    /// The bars that are built from trades.
    package var timeframes: [Timeframe]
    /// Bars without a trade that carry the last close.
    package var carryLimit: Int

    /// Settings that follow a configuration.
    /// - Parameters:
    ///   - configuration: which bars to build.
    ///   - path: the database, in place of the configuration's.
    ///   - naming: the names that files do not state.
    ///   - timeframe: the length of the bars in files that do not state it.
    package init(
        _ configuration: Configuration,
        path: String?,
        naming: TradeFileNaming,
        timeframe: Timeframe?
    ) {
        location = StoreLocation(path: path ?? configuration.storage.path)
        synchronous = configuration.storage.synchronous
        self.naming = naming
        self.timeframe = timeframe
        timeframes = configuration.timeframes
        carryLimit = configuration.bars.carryLimit
    }
}

extension ImportSettings {
    /// Opens the database for some streams, beside other processes.
    func store(_ streams: StreamTable) throws(StoreError) -> any ImportStore {
        try location.openForImport(streams: streams, synchronous: synchronous)
    }

    /// Opens the database for some streams, beside other processes, and closes it again.
    func withStore<Value>(
        _ streams: StreamTable,
        _ body: (any ImportStore) async throws -> Value
    ) async throws -> Value {
        let store = try store(streams)
        let result: Result<Value, any Error>
        do { result = .success(try await body(store)) } catch { result = .failure(error) }
        try await store.close()
        return try result.get()
    }

    /// The name of a file in the database.
    static func name(_ path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }
}
