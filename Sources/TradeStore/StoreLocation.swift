package import Logging
package import MarketData

/// Where a store is: a SQLite database, or the memory of this process. This is the only place that chooses a kind of
/// store.
///
/// ```swift
/// let location = StoreLocation(path: "data/pairs.sqlite")
/// let store = try await location.open(streams: streams)
/// ```
package struct StoreLocation: Sendable {
    /// The path that means memory.
    package static let memoryPath = ":memory:"

    /// A file, or ``memoryPath``.
    package let path: String
    /// The tables of all stores that are opened here; nil for a file.
    private let memory: MemoryDatabase?

    /// A location; opens nothing.
    package init(path: String) {
        self.path = path
        memory = path == Self.memoryPath ? MemoryDatabase() : nil
    }

    /// Opens the store of a process that follows feeds, or creates it, with its folder. No other process can do the same
    /// meanwhile.
    /// - Parameters:
    ///   - streams: the first streams; see ``BatchStore/add(_:)``.
    ///   - synchronous: what a power loss may undo.
    ///   - guarding: what happens when other programs remove or replace the file; nil does not detect it.
    /// - Throws: ``StoreError`` naming the path and what to do: the database is in use, newer than this program, not a
    ///   database, of another program, read-only, or the disk is full.
    package func open(
        streams: StreamTable,
        synchronous: SynchronousMode = .normal,
        guarding: FileGuarding? = nil
    ) async throws -> any TradeStore {
        if let memory { return MemoryTradeStore(streams: streams, in: memory) }
        guard let guarding else { return try SQLiteTradeStore(path: path, synchronous: synchronous, streams: streams) }
        return try await GuardedTradeStore(
            path: path,
            synchronous: synchronous,
            onReplacement: guarding.onReplacement,
            streams: streams,
            logger: guarding.logger,
            onChange: guarding.onChange
        )
    }

    /// Opens the store for an import, beside a process that follows feeds, or creates it.
    /// - Throws: ``StoreError``, as ``open(streams:synchronous:guarding:)`` except that the database may be in use.
    package func openForImport(
        streams: StreamTable,
        synchronous: SynchronousMode = .normal
    ) throws(StoreError) -> any ImportStore {
        if let memory { return MemoryTradeStore(streams: streams, in: memory) }
        return try SQLiteTradeStore(path: path, synchronous: synchronous, streams: streams, access: .shared)
    }

    /// Opens an existing store for reading only.
    /// - Throws: ``StoreError`` when there is none, or another program or a newer version of this one made it.
    package func openForReading() throws(StoreError) -> any StoreReader {
        if let memory { return MemoryReader(database: memory) }
        return try SQLiteReader(path: path)
    }
}

/// What happens when other programs remove or replace the file of an open store.
package struct FileGuarding: Sendable {
    let onReplacement: FileReplacement
    let logger: Logger
    let onChange: @Sendable () -> Void

    /// - Parameters:
    ///   - onReplacement: where the store continues.
    ///   - logger: receives the changes of the files.
    ///   - onChange: called once for each removal or replacement of the file.
    package init(
        onReplacement: FileReplacement,
        logger: Logger,
        onChange: @escaping @Sendable () -> Void = {}
    ) {
        self.onReplacement = onReplacement
        self.logger = logger
        self.onChange = onChange
    }
}
