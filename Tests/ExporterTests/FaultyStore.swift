import MarketData
import Synchronization
import TradeStore

/// A store in memory that takes no writes while it is told so, as one on a full disk.
final class FaultyStore: TradeStore {
    private let base: MemoryTradeStore
    private let isFailing = Mutex(false)

    init(streams: StreamTable) {
        base = MemoryTradeStore(streams: streams)
    }

    var streams: StreamTable { base.streams }
    var acceptedIDs: Range<Int64> { base.acceptedIDs }

    /// Lets every write fail from now on, or none.
    func fail(_ fails: Bool) {
        isFailing.withLock { $0 = fails }
    }

    func write(_ batch: StoreBatch) async throws -> Int {
        if isFailing.withLock({ $0 }) { throw StoreError.diskFull(path: "test") }
        return try await base.write(batch)
    }

    func lastTrade(of instrument: InstrumentID) async throws -> Trade? {
        try await base.lastTrade(of: instrument)
    }

    func lastKnownID(of instrument: InstrumentID) async throws -> Int64? {
        try await base.lastKnownID(of: instrument)
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
        try await base.prune(instruments, tradesBefore: time, bars: bars)
    }

    func close() async throws {}
}
