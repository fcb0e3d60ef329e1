import MarketData
import Synchronization

@testable import TradeStore

/// A store in memory that fails or waits on command and remembers what it has committed.
final class ScriptedStore: TradeStore {
    struct Failure: Error {}

    private struct State {
        var isFailing = false
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
        var committed: [StoreBatch] = []
        var attempts = 0
        var isClosed = false
    }

    private let base: SQLiteTradeStore
    private let state = Mutex(State())

    var streams: StreamTable { base.streams }
    var acceptedIDs: Range<Int64> { base.acceptedIDs }
    var committed: [StoreBatch] { state.withLock { $0.committed } }
    var isClosed: Bool { state.withLock { $0.isClosed } }
    var attempts: Int { state.withLock { $0.attempts } }

    init() throws {
        base = try Samples.memoryStore()
    }

    /// Lets every write fail from now on, or none.
    func fail(_ isFailing: Bool) {
        state.withLock { $0.isFailing = isFailing }
    }

    /// Lets writes wait from now on until ``release()``.
    func hold() {
        state.withLock { $0.isHeld = true }
    }

    func release() {
        let held = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func write(_ batch: StoreBatch) async throws -> Int {
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                state.attempts += 1
                if state.isHeld { state.held.append(continuation) }
                return state.isHeld
            }
            if !isHeld { continuation.resume() }
        }
        if state.withLock({ $0.isFailing }) { throw Failure() }
        let new = try await base.write(batch)
        state.withLock { $0.committed.append(batch) }
        return new
    }

    func lastTrade(of instrument: InstrumentID) async throws -> Trade? {
        try await base.lastTrade(of: instrument)
    }

    func lastKnownID(of instrument: InstrumentID) async throws -> Int64? {
        try await base.lastKnownID(of: instrument)
    }

    func unrepairableHoles(of instrument: InstrumentID) async throws -> [StoredHole] {
        try await base.unrepairableHoles(of: instrument)
    }

    func openHoles(of instrument: InstrumentID) async throws -> [StoredHole] {
        try await base.openHoles(of: instrument)
    }

    func trades(of instrument: InstrumentID, from time: Timestamp) async throws -> [Trade] {
        try await base.trades(of: instrument, from: time)
    }

    func bars(of instrument: InstrumentID, timeframe: Timeframe, from slot: Int64) async throws -> [Bar] {
        try await base.bars(of: instrument, timeframe: timeframe, from: slot)
    }

    func bars(of instrument: InstrumentID, timeframe: Timeframe, last count: Int) async throws -> [Bar] {
        try await base.bars(of: instrument, timeframe: timeframe, last: count)
    }

    func sizeInBytes() async throws -> Int64 {
        try await base.sizeInBytes()
    }

    func prune(
        _ instruments: [InstrumentID],
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async throws -> PruneOutcome {
        if state.withLock({ $0.isFailing }) { throw Failure() }
        return try await base.prune(instruments, tradesBefore: time, bars: bars)
    }

    func close() async throws {
        state.withLock { $0.isClosed = true }
    }
}
