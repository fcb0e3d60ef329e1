import Logging
import MarketData
import Synchronization

/// A SQLite store that detects when its files are removed or replaced while it is open.
///
/// The path is compared with the open files before and after each transaction, so that a transaction in a file that is
/// not at the path does not count as written. ``FileReplacement`` decides what happens then. The other file is not
/// changed before its lock is held, and never receives pages from the log of this one. A log or a lock that was removed
/// is created again; of a truncated log the rest is used, and what was cut off is missing.
///
/// ```swift
/// let store = try await GuardedTradeStore(
///     path: "data/pairs.sqlite", synchronous: .normal, onReplacement: .begin, streams: streams, logger: logger)
/// ```
final class GuardedTradeStore: TradeStore {
    /// The last trade of a stream that was written.
    private struct Position {
        var id: Int64
        var time: Timestamp
    }

    private struct State {
        var store: SQLiteTradeStore
        var files: OpenFiles
        var positions: [InstrumentID: Position] = [:]
        /// The first id that is written to a file which was begun after earlier ids of the stream had been written
        /// elsewhere.
        var firstIDs: [InstrumentID: Int64] = [:]
        /// The change of the files that was logged.
        var reported: OpenFiles.Change?
        var renewal: Task<Void, any Error>?
        /// The error that the writer receives after a renewal.
        var moved: StoreMoved?
        /// Whether imports into the file have not been read yet.
        var hasOtherImports = false
        /// Whether the store was closed and could not be opened again.
        var needsReopening = false
        var isClosed = false
    }

    /// The streams that have been added.
    let streams: StreamTable
    /// The trade ids that fit.
    var acceptedIDs: Range<Int64> { store.acceptedIDs }

    private let path: String
    private let synchronous: SynchronousMode
    private let onReplacement: FileReplacement
    private let logger: Logger
    private let onChange: @Sendable () -> Void
    private let state: Mutex<State>

    /// Opens the database, or creates it, with its folder.
    /// - Parameters:
    ///   - path: a file.
    ///   - synchronous: what a power loss may undo.
    ///   - onReplacement: what happens when the file is removed or replaced.
    ///   - streams: the first streams; see ``add(_:)``.
    ///   - logger: receives the changes of the files.
    ///   - onChange: called once for each removal or replacement of the database file.
    /// - Throws: ``StoreError``; see ``SQLiteTradeStore``.
    convenience init(
        path: String,
        synchronous: SynchronousMode,
        onReplacement: FileReplacement,
        streams: StreamTable,
        logger: Logger,
        onChange: @escaping @Sendable () -> Void = {}
    ) async throws {
        let store = try SQLiteTradeStore(path: path, synchronous: synchronous, streams: streams)
        try await self.init(store, path, synchronous, onReplacement, streams, logger, onChange)
    }

    private init(
        _ store: SQLiteTradeStore,
        _ path: String,
        _ synchronous: SynchronousMode,
        _ onReplacement: FileReplacement,
        _ streams: StreamTable,
        _ logger: Logger,
        _ onChange: @escaping @Sendable () -> Void
    ) async throws {
        self.path = path
        self.synchronous = synchronous
        self.onReplacement = onReplacement
        self.streams = streams
        self.logger = logger
        self.onChange = onChange
        state = Mutex(State(store: store, files: store.files))
        for id in streams.ids { try await recordPosition(of: id) }
    }

    private var store: SQLiteTradeStore { state.withLock { $0.store } }

    private func recordPosition(of id: InstrumentID) async throws {
        let store = store
        guard let last = try await store.lastTrade(of: id) else { return }
        let lastID = try await store.lastKnownID(of: id) ?? last.id
        state.withLock { state in
            if state.positions[id] == nil { state.positions[id] = Position(id: lastID, time: last.time) }
        }
    }

    /// Writes a batch in one transaction into the file at the path.
    /// - Throws: ``StoreError/fileReplaced(path:change:)`` when that is another file than before.
    func write(_ batch: StoreBatch) async throws -> Int {
        try await renewWhereReplaced()
        let (store, files, firstIDs, moved) = state.withLock { state in
            defer { state.moved = nil }
            return (state.store, state.files, state.firstIDs, state.moved)
        }
        if let moved { throw moved }
        let new = try await store.write(Self.part(of: batch, from: firstIDs))
        if let change = files.change { throw StoreError.fileReplaced(path: path, change: change.rawValue) }
        state.withLock { state in
            state.files.recordLogSize()
            for trade in batch.trades {
                let known = state.positions[trade.instrument]
                state.positions[trade.instrument] = Position(
                    id: max(known?.id ?? trade.id, trade.id),
                    time: max(known?.time ?? trade.time, trade.time)
                )
            }
        }
        return new
    }

    /// The part of a batch that is written to a file which does not begin with the first trade of a stream. Earlier ids
    /// would stand there without their neighbours.
    private static func part(of batch: StoreBatch, from firstIDs: [InstrumentID: Int64]) -> StoreBatch {
        guard !firstIDs.isEmpty else { return batch }
        var batch = batch
        batch.trades.removeAll { trade in firstIDs[trade.instrument].map { trade.id < $0 } ?? false }
        batch.gapChanges = batch.gapChanges.compactMap { change in
            switch change {
            case .put(var gap):
                guard let first = firstIDs[gap.instrument], gap.firstID < first else { return change }
                guard gap.lastID >= first else { return nil }
                gap.firstID = first
                return .put(gap)
            case .remove(let instrument, let firstID):
                guard let first = firstIDs[instrument], firstID < first else { return change }
                return nil
            }
        }
        return batch
    }

    /// Removes what is older than its retention from the file at the path.
    func prune(
        _ instruments: [InstrumentID],
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async throws -> PruneOutcome {
        try await renewWhereReplaced()
        return try await store.prune(instruments, tradesBefore: time, bars: bars)
    }

    /// Moves the write-ahead log into the database and closes it.
    func close() async throws {
        let renewal = state.withLock { state in
            state.isClosed = true
            return state.renewal
        }
        try? await renewal?.value
        try await store.close()
    }

    /// Adds streams to the table, and to the file at the path those that it does not have.
    func add(_ streams: [TradeStream]) async throws -> [InstrumentID] {
        try await renewWhereReplaced()
        let ids = try await store.add(streams)
        for id in ids { try await recordPosition(of: id) }
        return ids
    }

    /// The imports completed after a revision; all imports of the file after it has replaced another.
    func imports(
        after revision: Int64
    ) async throws -> (revision: Int64, imports: [(instrument: InstrumentID, times: ClosedRange<Timestamp>)]) {
        let (store, isOther) = state.withLock { state in
            defer { state.hasOtherImports = false }
            return (state.store, state.hasOtherImports)
        }
        return try await store.imports(after: isOther ? 0 : revision)
    }
}

extension GuardedTradeStore {
    /// Opens the files again where another program has removed or replaced them; concurrent callers wait for one
    /// attempt.
    private func renewWhereReplaced() async throws {
        let renewal: Task<Void, any Error>? = try state.withLock { state in
            if state.isClosed { throw StoreError.failed(path: path, reason: "the store has been closed") }
            if let renewal = state.renewal { return renewal }
            guard let change = state.files.change ?? (state.needsReopening ? .logRemoved : nil) else {
                state.reported = nil
                return nil
            }
            if state.reported != change {
                state.reported = change
                report(change)
            }
            if change.isOfDatabase, onReplacement == .stop {
                throw StoreError.fileReplaced(path: path, change: change.rawValue)
            }
            let task = Task {
                defer { self.state.withLock { $0.renewal = nil } }
                try await self.renew(after: change)
            }
            state.renewal = task
            return task
        }
        try await renewal?.value
    }

    private func report(_ change: OpenFiles.Change) {
        if change.isOfDatabase { onChange() }
        let effect =
            switch (change.isOfDatabase, onReplacement) {
            case (true, .begin): "writing continues in the database at the path, or in a new one"
            case (true, .stop): "nothing is written until the file is back or the exporter is started again"
            case (false, _): "the database is opened again"
            }
        logger.error("\(change.rawValue)", metadata: ["path": "\(path)", "effect": "\(effect)"])
    }

    private func renew(after change: OpenFiles.Change) async throws {
        let (old, files, needsReopening) = state.withLock { ($0.store, $0.files, $0.needsReopening) }
        if change.isOfDatabase {
            files.removeOwnLog()
            try await open(after: old)
            await old.abandon()
        } else {
            // Connections of one process to one file share the index of its log, so all must close first.
            let barrier = change == .logCut && !needsReopening ? try CheckpointBarrier(path: path) : nil
            if change == .logRemoved, !needsReopening, !files.hasForeignLog { try await old.emptyLog() }
            await old.abandon()
            barrier?.end()
            state.withLock { $0.needsReopening = true }
            try await open(after: old)
        }
        logger.notice("the database is open again", metadata: ["path": "\(path)"])
    }

    private func open(after old: SQLiteTradeStore) async throws {
        let lock = old.lock.flatMap { $0.isInPlace ? $0 : nil }
        let next = try SQLiteTradeStore(path: path, synchronous: synchronous, streams: streams, lock: lock)
        do {
            try await adopt(next)
        } catch {
            await next.abandon()
            throw error
        }
    }

    /// Compares what was written to the previous file with what the next one has: ids in between are missing from it; a
    /// stream that it does not have begins with the next trade.
    private func adopt(_ next: SQLiteTradeStore) async throws {
        let positions = state.withLock { $0.positions }
        var (missing, firstIDs): ([StoreMoved.Missing], [InstrumentID: Int64]) = ([], [:])
        for (id, position) in positions {
            let numbering = TradeNumbering.numbering(of: position.id)
            let known = try await next.lastKnownID(of: id)
            if let known, TradeNumbering.numbering(of: known) == numbering {
                guard known < position.id else { continue }
                missing.append(.init(instrument: id, ids: (known + 1)...position.id, lastTime: position.time))
            } else {
                firstIDs[id] = position.id + 1
            }
        }
        state.withLock { [missing, firstIDs] state in
            (state.store, state.files, state.firstIDs) = (next, next.files, firstIDs)
            (state.moved, state.hasOtherImports, state.needsReopening) = (StoreMoved(missing: missing), true, false)
        }
    }
}

extension GuardedTradeStore {
    /// The trade with the greatest id of the stream.
    func lastTrade(of instrument: InstrumentID) async throws -> Trade? {
        try await store.lastTrade(of: instrument)
    }

    /// The greatest id of the stream that is stored or inside a gap.
    func lastKnownID(of instrument: InstrumentID) async throws -> Int64? {
        try await store.lastKnownID(of: instrument)
    }

    /// The gaps of the stream that are open.
    func openGaps(of instrument: InstrumentID) async throws -> [StoredIDGap] {
        try await store.openGaps(of: instrument)
    }

    /// The gaps of the stream whose ids the venue does not have.
    func unrepairableGaps(of instrument: InstrumentID) async throws -> [StoredIDGap] {
        try await store.unrepairableGaps(of: instrument)
    }

    /// The gaps of the stream's first numbering that overlap a range of ids.
    func gaps(of instrument: InstrumentID, overlapping ids: ClosedRange<Int64>) async throws -> [IDGap] {
        try await store.gaps(of: instrument, overlapping: ids)
    }

    /// The stream's trades from a time on.
    func trades(of instrument: InstrumentID, from time: Timestamp) async throws -> [Trade] {
        try await store.trades(of: instrument, from: time)
    }

    /// The instrument's bars of a range of slots.
    func bars(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        slots: ClosedRange<Int64>
    ) async throws -> [Bar] {
        try await store.bars(of: instrument, timeframe: timeframe, slots: slots)
    }

    /// The instrument's bars of the last `count` slots.
    func bars(of instrument: InstrumentID, timeframe: Timeframe, last count: Int) async throws -> [Bar] {
        try await store.bars(of: instrument, timeframe: timeframe, last: count)
    }

    /// The stored states of a pair's readings at a timeframe.
    func readingStates(
        of y: InstrumentID,
        _ x: InstrumentID,
        timeframe: Timeframe
    ) async throws -> [ReadingState] {
        try await store.readingStates(of: y, x, timeframe: timeframe)
    }

    /// Opens a reader of the file at the path.
    func reader() throws(StoreError) -> any StoreReader { try store.reader() }

    /// The rows with invalid values that reads have left out so far.
    var damagedRows: [DamagedRow] { store.damagedRows }

    /// The size in bytes of the database with its write-ahead log.
    func sizeInBytes() async throws -> Int64 {
        try await store.sizeInBytes()
    }
}
