import GRDB
import MarketData
import Synchronization

/// A store in one SQLite database, which other programs can read while it is written.
///
/// The database is in WAL mode with the views `trade`, `bar` and `hole`. One store per database writes; it holds a lock
/// that the operating system releases when the process ends. Readers are not blocked.
///
/// ```swift
/// let store = try SQLiteTradeStore(path: "data/pairs.sqlite", synchronous: .normal, streams: streams)
/// let written = try await store.write(StoreBatch(trades: trades))
/// try await store.close()
/// ```
final class SQLiteTradeStore: TradeStore, ImportStore {
    /// The trade ids of one numbering that fit below the stream's number in a key.
    static let acceptedIDs = TradeKey.ids

    /// The streams that have been added.
    let streams: StreamTable
    /// The trade ids that fit, of all numberings.
    var acceptedIDs: Range<Int64> { TradeNumbering.ids }
    /// The database file.
    let path: String

    let database: DatabasePool
    /// Row ids of committed streams, including those of later numberings.
    private let rowIDs: Mutex<RowIDs>
    let lock: DatabaseLock?
    private let gate: CloseGate
    let damage = DamagedRows()

    /// A backward search ends after this many consecutive trades that are too old.
    static let slack = 1_000

    /// Opens the database, or creates it, with its folder.
    /// - Parameters:
    ///   - path: a file.
    ///   - synchronous: what a power loss may undo.
    ///   - streams: the first streams; see ``add(_:)``.
    ///   - access: whether other processes may write too.
    /// - Throws: ``StoreError`` naming the path and what to do: the database is in use, newer than this program, not a
    ///   database, of another program, read-only, or the disk is full.
    convenience init(
        path: String,
        synchronous: SynchronousMode,
        streams: StreamTable,
        access: WriteAccess = .exclusive
    ) throws(StoreError) {
        try self.init(path: path, synchronous: synchronous, streams: streams, access: access, lock: nil)
    }

    /// The same with a lock that this process holds already.
    init(
        path: String,
        synchronous: SynchronousMode,
        streams: StreamTable,
        access: WriteAccess = .exclusive,
        lock known: DatabaseLock?
    ) throws(StoreError) {
        self.path = path
        self.streams = streams
        gate = CloseGate()
        try DatabaseFile.makeFolder(for: path)
        if access == .exclusive {
            if let known { lock = known } else { lock = try DatabaseLock(path: path) }
        } else {
            lock = nil
        }
        let database = try DatabaseFile.openForWriting(path: path, synchronous: synchronous)
        do {
            rowIDs = Mutex(
                try database.write { db in
                    try Schema.create(in: db, path: path)
                    try DatabaseFile.setCacheSize(streams: access == .exclusive ? streams.streams.count : nil, in: db)
                    return try RowIDs(of: streams, in: db)
                }
            )
        } catch {
            throw StoreError(error, path: path)
        }
        self.database = database
    }

    /// Opens a reader of the same file.
    func reader() throws(StoreError) -> any StoreReader { try SQLiteReader(path: path) }

    var numbers: RowIDs { rowIDs.withLock { $0 } }

    /// Adds streams to the table, and to the database those that it lacks.
    func add(_ streams: [TradeStream]) async throws -> [InstrumentID] {
        let ids = streams.map { self.streams.add($0) }
        try await writing { [self] db in
            try DatabaseFile.setCacheSize(streams: self.streams.streams.count, in: db)
            var numbers = numbers
            try numbers.update(in: db)
            commit(numbers, with: db)
        }
        return ids
    }

    /// Uses row ids after the transaction that wrote them is committed.
    private func commit(_ numbers: RowIDs, with db: Database) {
        db.afterNextTransaction { [self] _ in rowIDs.withLock { $0 = numbers } }
    }

    /// Writes a batch in one transaction and returns how many of its trades were new.
    func write(_ batch: StoreBatch) async throws -> Int {
        if let trade = batch.trades.first(where: { !acceptedIDs.contains($0.id) }) {
            throw StoreError.idOutOfRange(stream: streams[trade.instrument], id: trade.id)
        }
        return try await writing { [self] db in
            var numbers = numbers
            try numbers.prepare(for: batch, in: db)
            commit(numbers, with: db)
            let new = try TradeTable.insert(batch.trades, numbers: numbers, in: db)
            try BarTable.put(batch.bars, numbers: numbers, in: db)
            try IDGapTable.apply(batch.gapChanges, numbers: numbers, in: db)
            try ReadingStateTable.put(batch.states, numbers: numbers, in: db)
            return new
        }
    }

    /// The rows with invalid values that reads have left out so far.
    var damagedRows: [DamagedRow] { damage.all }

    /// The instrument's bars of a range of slots.
    func bars(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        slots: ClosedRange<Int64>
    ) async throws -> [Bar] {
        let number = numbers.instrument(instrument)
        return try await reading { [damage] db in
            try BarTable.bars(instrument, number: number, timeframe: timeframe, slots: slots, damage: damage, in: db)
        }
    }

    /// The instrument's bars of the last `count` slots.
    func bars(of instrument: InstrumentID, timeframe: Timeframe, last count: Int) async throws -> [Bar] {
        let number = numbers.instrument(instrument)
        return try await reading { [damage] db in
            try BarTable.recordDamage(number: number, timeframe: timeframe, damage, in: db)
            return try BarTable.bars(
                instrument,
                number: number,
                timeframe: timeframe,
                last: count,
                damage: damage,
                in: db
            )
        }
    }

    /// The stored states of a pair's readings at a timeframe.
    func readingStates(
        of y: InstrumentID,
        _ x: InstrumentID,
        timeframe: Timeframe
    ) async throws -> [ReadingState] {
        try await reading { [numbers] db in
            try ReadingStateTable.states(of: y, x, timeframe: timeframe, numbers: numbers, in: db)
        }
    }

    /// The size in bytes of the database with its write-ahead log.
    func sizeInBytes() async throws -> Int64 {
        DatabaseFile.size(path: path)
    }

    /// Removes what is older than its retention, 2,000 rows per transaction, and returns the space to the disk.
    /// Imported rows stay.
    func prune(
        _ instruments: [InstrumentID],
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async throws -> PruneOutcome {
        var outcome = PruneOutcome()
        var log = BackgroundCheckpointer(path: path)
        for id in instruments {
            for stream in try await reading({ [numbers] db in try numbers.numberings(of: id, in: db).map(\.stream) }) {
                for keys in try await reading({ db in try ImportTable.unprotectedKeys(stream: stream, in: db) }) {
                    var nextKey: Int64? = keys.lowerBound
                    while let key = nextKey, key <= keys.upperBound {
                        let step = try await writing { db in
                            try Pruner.removeTrades(stream: stream, in: key...keys.upperBound, before: time, in: db)
                        }
                        outcome.trades += step.removed
                        nextKey = step.nextKey
                        await log.transactionEnded()
                    }
                }
                outcome.gaps += try await writing { db in try Pruner.removeGaps(stream: stream, in: db) }
            }
            for (timeframe, before) in bars {
                outcome.bars += try await pruneBars(of: numbers.instrument(id), timeframe, before: before, &log)
            }
            outcome.states += try await writing { [numbers] db in
                try bars.reduce(0) { count, bars in
                    let y = numbers.instrument(id)
                    return count + (try ReadingStateTable.remove(y: y, timeframe: bars.0, before: bars.before, in: db))
                }
            }
        }
        while try await writing({ db in try Pruner.shrink(in: db) }) { await log.transactionEnded() }
        return outcome
    }

    private func pruneBars(
        of instrument: Int64,
        _ timeframe: Timeframe,
        before time: Timestamp,
        _ log: inout BackgroundCheckpointer
    ) async throws -> Int {
        let ranges = try await reading { db in
            try ImportTable.unprotectedSlots(
                instrument: instrument,
                timeframe: timeframe,
                through: timeframe.slot(of: time - 1),
                in: db
            )
        }
        var count = 0
        for slots in ranges {
            var removed = Pruner.rowsPerStep
            while removed == Pruner.rowsPerStep {
                removed = try await writing { db in
                    try Pruner.removeBars(instrument: instrument, timeframe: timeframe, in: slots, in: db)
                }
                count += removed
                await log.transactionEnded()
            }
        }
        return count
    }

    /// Moves the write-ahead log into the database, closes it and releases its lock.
    func close() async throws {
        guard await gate.close() else { return }
        // The cancellation of the caller's task does not cancel this task.
        try await Task { [database, lock, path] in
            defer { lock?.release() }
            do {
                if lock != nil {
                    try await database.writeWithoutTransaction { db in
                        // Readers may prevent SQLite from emptying the log; it is complete either way.
                        _ = try? db.checkpoint(.truncate)
                    }
                }
                database.releaseMemory()
                try database.close()
            } catch {
                throw StoreError(error, path: path)
            }
        }.value
    }

    /// The current identities of the files.
    var files: OpenFiles { OpenFiles(path: path, lock: lock) }

    /// Moves the write-ahead log into the database.
    func emptyLog() async throws {
        try await operating { database in
            try await database.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        }
    }

    /// Closes the database without moving its log, and keeps its lock for a store that shares it.
    func abandon() async {
        guard await gate.close() else { return }
        database.releaseMemory()
        // SQLite does not change a file that is not at its path, nor the log of the file that is.
        try? database.close()
    }

    func writing<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await operating { database in try await database.write(body) }
    }

    func reading<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await operating { database in try await database.read(body) }
    }

    /// Passes the writing connection for its temporary tables, outside a transaction, so other processes can write.
    func withWriter<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await operating { database in try await database.writeWithoutTransaction(body) }
    }

    private func operating<Value>(_ body: (DatabasePool) async throws -> Value) async throws -> Value {
        guard gate.enter() else { throw StoreError.failed(path: path, reason: "the store has been closed") }
        defer { gate.leave() }
        do {
            return try await body(database)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
