package import MarketData
import Synchronization

/// A store in memory, for `storage.path: ":memory:"`. It is also an example of the protocols.
///
/// ```swift
/// let store = MemoryTradeStore(streams: streams)
/// let written = try await store.write(StoreBatch(trades: trades))
/// ```
package final class MemoryTradeStore: TradeStore, ImportStore {
    /// The numbers that the database has for the run's instruments and streams, by ``InstrumentID``.
    struct Numbers {
        var instruments: [Int] = []
        var streams: [Int] = []
    }

    private struct State {
        var numbers = Numbers()
        var isClosed = false
    }

    /// The streams that have been added.
    package let streams: StreamTable
    /// The trade ids that fit: the same as those of a database, so that both accept the same trades.
    package var acceptedIDs: Range<Int64> { TradeNumbering.ids }

    private let database: MemoryDatabase
    private let state = Mutex(State())

    /// An empty store.
    package convenience init(streams: StreamTable) {
        self.init(streams: streams, in: MemoryDatabase())
    }

    /// A store with the rows of a database.
    init(streams: StreamTable, in database: MemoryDatabase) {
        self.streams = streams
        self.database = database
        database.tables.withLock { register(in: &$0) }
    }

    private func register(in tables: inout MemoryTables) {
        state.withLock { state in
            for stream in streams.streams.dropFirst(state.numbers.streams.count) {
                let number = tables.add(stream)
                state.numbers.streams.append(number)
                state.numbers.instruments.append(tables.streams[number].instrument)
            }
        }
    }

    /// Adds streams to the table.
    package func add(_ streams: [TradeStream]) async throws -> [InstrumentID] {
        let ids = streams.map { self.streams.add($0) }
        try open { _, _ in }
        return ids
    }

    /// Writes a batch, all of it or nothing, and returns how many of its trades were new.
    package func write(_ batch: StoreBatch) async throws -> Int {
        try Task.checkCancellation()
        if let trade = batch.trades.first(where: { !acceptedIDs.contains($0.id) }) {
            throw StoreError.idOutOfRange(stream: streams[trade.instrument], id: trade.id)
        }
        return try open { tables, numbers in
            let new = batch.trades.count { trade in
                let stream = numbers.streams[Int(trade.instrument.index)]
                let number = tables.add(numbering: TradeNumbering.numbering(of: trade.id), of: stream)
                return tables.insert(trade.moved(by: TradeNumbering.venueID(trade.id) - trade.id), into: number)
            }
            for bar in batch.bars { tables.put(bar, of: numbers.instruments[Int(bar.instrument.index)]) }
            for change in batch.gapChanges {
                tables.apply(change, to: numbers.streams[Int(change.instrument.index)])
            }
            for var readingState in batch.states {
                readingState.y = InstrumentID(numbers.instruments[Int(readingState.y.index)])
                readingState.x = InstrumentID(numbers.instruments[Int(readingState.x.index)])
                tables.states[readingState.key] = readingState
            }
            return new
        }
    }

    /// Opens a reader of the same rows.
    package func reader() throws(StoreError) -> any StoreReader { MemoryReader(database: database) }

    /// The memory in bytes that the rows use.
    package func sizeInBytes() async throws -> Int64 {
        try open { tables, _ in
            let trades = tables.streams.reduce(0) { $0 + $1.trades.count } * MemoryLayout<Trade>.stride
            let bars = tables.bars.values.reduce(0) { $0 + $1.count } * MemoryLayout<Bar>.stride
            let states = tables.states.values.reduce(0) { $0 + $1.state.count + MemoryLayout<ReadingState>.stride }
            return Int64(trades + bars + states)
        }
    }

    /// Refuses further use; the rows are freed with the last store and reader of them.
    package func close() async throws {
        state.withLock { $0.isClosed = true }
    }

    /// Runs one transaction.
    func open<Value: Sendable>(_ body: (inout MemoryTables, Numbers) throws -> Value) throws -> Value {
        try database.tables.withLock { tables in
            let isClosed = state.withLock { $0.isClosed }
            if isClosed { throw StoreError.failed(path: StoreLocation.memoryPath, reason: "the store has been closed") }
            register(in: &tables)
            return try body(&tables, state.withLock { $0.numbers })
        }
    }
}
