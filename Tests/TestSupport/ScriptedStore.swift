package import MarketData
import Synchronization
package import TradeStore

/// A store that fails, as on a full disk, or waits on command, and records its commits.
package final class ScriptedStore: TradeStore {
    private struct State {
        var isFailing = false
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
        var committed: [StoreBatch] = []
        var attempts = 0
        var longestRead = 0
        var isClosed = false
    }

    private let base: any TradeStore
    private let state = Mutex(State())

    package var streams: StreamTable { base.streams }
    package var acceptedIDs: Range<Int64> { base.acceptedIDs }
    package var committed: [StoreBatch] { state.withLock { $0.committed } }
    package var isClosed: Bool { state.withLock { $0.isClosed } }
    package var attempts: Int { state.withLock { $0.attempts } }
    /// The most bars that one read has returned.
    package var longestRead: Int { state.withLock { $0.longestRead } }

    /// - Parameter base: the store of the writes that do not fail.
    package init(_ base: some TradeStore) {
        self.base = base
    }

    /// Makes every later write fail, or none.
    package func fail(_ isFailing: Bool) {
        state.withLock { $0.isFailing = isFailing }
    }

    /// Makes later writes wait until ``release()``.
    package func hold() {
        state.withLock { $0.isHeld = true }
    }

    package func release() {
        let held = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    package func write(_ batch: StoreBatch) async throws -> Int {
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                state.attempts += 1
                if state.isHeld { state.held.append(continuation) }
                return state.isHeld
            }
            if !isHeld { continuation.resume() }
        }
        if state.withLock({ $0.isFailing }) { throw StoreError.diskFull(path: "test") }
        let new = try await base.write(batch)
        state.withLock { $0.committed.append(batch) }
        return new
    }

    package func lastTrade(of instrument: InstrumentID) async throws -> Trade? {
        try await base.lastTrade(of: instrument)
    }

    package func lastKnownID(of instrument: InstrumentID) async throws -> Int64? {
        try await base.lastKnownID(of: instrument)
    }

    package func unrepairableGaps(of instrument: InstrumentID) async throws -> [StoredIDGap] {
        try await base.unrepairableGaps(of: instrument)
    }

    package func gaps(of instrument: InstrumentID, overlapping ids: ClosedRange<Int64>) async throws -> [IDGap] {
        try await base.gaps(of: instrument, overlapping: ids)
    }

    package func openGaps(of instrument: InstrumentID) async throws -> [StoredIDGap] {
        try await base.openGaps(of: instrument)
    }

    package func trades(of instrument: InstrumentID, from time: Timestamp) async throws -> [Trade] {
        try await base.trades(of: instrument, from: time)
    }

    package func bars(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        slots: ClosedRange<Int64>
    ) async throws -> [Bar] {
        recorded(try await base.bars(of: instrument, timeframe: timeframe, slots: slots))
    }

    package func bars(of instrument: InstrumentID, timeframe: Timeframe, last count: Int) async throws -> [Bar] {
        recorded(try await base.bars(of: instrument, timeframe: timeframe, last: count))
    }

    private func recorded(_ bars: [Bar]) -> [Bar] {
        state.withLock { $0.longestRead = max($0.longestRead, bars.count) }
        return bars
    }

    package func readingStates(
        of y: InstrumentID,
        _ x: InstrumentID,
        timeframe: Timeframe
    ) async throws -> [ReadingState] {
        try await base.readingStates(of: y, x, timeframe: timeframe)
    }

    package func imports(
        after revision: Int64
    ) async throws -> (revision: Int64, imports: [(instrument: InstrumentID, times: ClosedRange<Timestamp>)]) {
        try await base.imports(after: revision)
    }

    package func reader() throws(StoreError) -> any StoreReader { try base.reader() }

    package func sizeInBytes() async throws -> Int64 {
        try await base.sizeInBytes()
    }

    package func prune(
        _ instruments: [InstrumentID],
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async throws -> PruneOutcome {
        if state.withLock({ $0.isFailing }) { throw StoreError.diskFull(path: "test") }
        return try await base.prune(instruments, tradesBefore: time, bars: bars)
    }

    package func add(_ streams: [TradeStream]) async throws -> [InstrumentID] {
        try await base.add(streams)
    }

    package func close() async throws {
        state.withLock { $0.isClosed = true }
    }
}
