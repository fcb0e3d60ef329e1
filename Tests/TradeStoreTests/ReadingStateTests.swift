import Foundation
import MarketData
import TestSupport
import Testing

@testable import TradeStore

/// States of readings, from one run to the next.
@Suite struct ReadingStateTests {
    private let folder: TemporaryFolder
    private let minute: Timeframe

    init() throws {
        folder = try TemporaryFolder()
        minute = try Samples.minute()
    }

    private func makeStore(_ kind: TradeStoreTests.Kind) throws -> any TradeStore {
        switch kind {
        case .file: try Samples.store(folder.file())
        case .memory: MemoryTradeStore(streams: Samples.streams)
        }
    }

    private func slots(in store: any TradeStore, _ timeframe: Timeframe? = nil) async throws -> [Int64] {
        try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: timeframe ?? minute).map(\.slot)
    }

    @Test(
        "states of one pair and timeframe are read as they were written",
        arguments: TradeStoreTests.Kind.allCases
    )
    func roundTrip(kind: TradeStoreTests.Kind) async throws {
        let store = try makeStore(kind)
        let second = try #require(Timeframe("1s"))
        let states = [
            try Samples.state(-3, window: 60, state: []), try Samples.state(7, settings: "level \"ct\" 0.05"),
            try Samples.state(8, state: Array(repeating: 0xFF, count: 20_000)), try Samples.state(9, window: 1000),
        ]
        let others = [
            try Samples.state(1, y: Samples.eth, x: Samples.btc), try Samples.state(1, timeframe: second),
        ]
        _ = try await store.write(StoreBatch(states: others + states.reversed()))
        #expect(try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: minute) == states)
        #expect(try await store.readingStates(of: Samples.eth, Samples.btc, timeframe: minute) == [others[0]])
        #expect(try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: second) == [others[1]])
        #expect(try await store.readingStates(of: Samples.btc, Samples.btc, timeframe: minute) == [])
        try await store.close()
        await #expect(throws: StoreError.self) { try await slots(in: store) }
    }

    @Test("the last state of a key counts, within a batch and after it", arguments: TradeStoreTests.Kind.allCases)
    func replacement(kind: TradeStoreTests.Kind) async throws {
        let store = try makeStore(kind)
        var batch = StoreBatch(states: [try Samples.state(1), try Samples.state(1, window: 60)])
        batch.append(StoreBatch(states: [try Samples.state(2), try Samples.state(3)]))
        #expect(try batch.states == [Samples.state(1, window: 60), Samples.state(3)])
        #expect(!batch.isEmpty && batch.recordCount == 0)
        _ = try await store.write(batch)
        #expect(try await slots(in: store) == [1, 3])
        // A pair that is rebuilt from the store may be at an earlier bar.
        _ = try await store.write(StoreBatch(states: [try Samples.state(2, state: [9])]))
        #expect(try await slots(in: store) == [1, 2])
        try await store.close()
    }

    @Test(
        "a refused batch does not change the state, nor the bars",
        arguments: TradeStoreTests.Kind.allCases
    )
    func refusedBatch(kind: TradeStoreTests.Kind) async throws {
        let store = try makeStore(kind)
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(1)], states: [try Samples.state(1)]))
        let batch = StoreBatch(
            trades: [try Samples.trade(-1)],
            bars: [try Samples.bar(2)],
            states: [try Samples.state(2)]
        )
        await #expect(throws: StoreError.self) { try await store.write(batch) }
        #expect(try await slots(in: store) == [1])
        try await store.close()
    }

    @Test("a state is removed when its last bar is older than the retention", arguments: TradeStoreTests.Kind.allCases)
    func retention(kind: TradeStoreTests.Kind) async throws {
        let store = try makeStore(kind)
        let second = try #require(Timeframe("1s"))
        _ = try await store.write(
            StoreBatch(states: [
                try Samples.state(99, settings: "no longer configured"), try Samples.state(100),
                try Samples.state(1, timeframe: second), try Samples.state(1, y: Samples.eth, x: Samples.btc),
            ])
        )
        let outcome = try await store.prune(
            [Samples.btc],
            tradesBefore: Samples.time(0),
            bars: [(minute, before: minute.openTime(of: 100))]
        )
        #expect(outcome == PruneOutcome(states: 1))
        #expect(try await slots(in: store) == [100])
        #expect(try await slots(in: store, second) == [1])
        #expect(try await store.readingStates(of: Samples.eth, Samples.btc, timeframe: minute).count == 1)
        try await store.close()
    }

    @Test("states belong to instruments: a run with another order and other streams finds them")
    func restart() async throws {
        let first = try Samples.store(folder.file())
        _ = try await first.write(StoreBatch(states: [try Samples.state(5)]))
        try await first.close()
        let streams = StreamTable([
            TradeStream(instrument: Samples.ether, name: "trade"),
            TradeStream(instrument: Samples.bitcoin, name: "trade"),
        ])
        let second = try SQLiteTradeStore(path: folder.file(), synchronous: .normal, streams: streams)
        let states = try await second.readingStates(of: InstrumentID(1), InstrumentID(0), timeframe: minute)
        #expect(states == [try Samples.state(5, y: InstrumentID(1), x: InstrumentID(0))])
        try await second.close()
    }

    @Test("a killed process leaves no state that includes a bar which is not stored")
    func crash() async throws {
        let store = try Samples.store(folder.file())
        for slot in Int64(1)...40 {
            _ = try await store.write(StoreBatch(bars: [try Samples.bar(slot)], states: [try Samples.state(slot)]))
        }
        let log = try Data(contentsOf: URL(fileURLWithPath: folder.file() + "-wal"))
        let database = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
        try await store.close()
        var seen: Set<Int64> = []
        // The log as it is on disk when the process ends while it writes.
        for length in stride(from: 0, through: log.count, by: 30_011) {
            let crashed = try TemporaryFolder()
            try database.write(to: URL(fileURLWithPath: crashed.file()))
            try log.prefix(length).write(to: URL(fileURLWithPath: crashed.file() + "-wal"))
            guard let recovered = try? Samples.store(crashed.file()) else { continue }
            let bars = try await recovered.bars(of: Samples.btc, timeframe: minute, last: 1).map(\.slot)
            #expect(try await slots(in: recovered) == bars)
            seen.formUnion(bars)
            try await recovered.close()
        }
        #expect(seen.count > 5)
    }

    @Test("an import removes the states that include a bar that it wrote, and no others", arguments: [true, false])
    func imports(isBuiltFromTrades: Bool) async throws {
        let store = try Samples.store(folder.file())
        let hour = try #require(Timeframe("1h"))
        _ = try await store.write(
            StoreBatch(states: [
                try Samples.state(9, settings: "before"), try Samples.state(10, settings: "at"),
                try Samples.state(11, settings: "after"), try Samples.state(11, y: Samples.eth, x: Samples.btc),
                try Samples.state(11, y: Samples.eth, x: Samples.eth), try Samples.state(11, timeframe: hour),
            ])
        )
        let bars = [try Samples.bar(12), try Samples.bar(10)]
        if isBuiltFromTrades {
            try await store.replaceBars(bars.map { RebuiltBar($0, trades: 7) }, clearing: [], of: Samples.btc)
        } else {
            #expect(try await store.addBars(bars).count == 2)
        }
        #expect(try await slots(in: store) == [9])
        #expect(try await store.readingStates(of: Samples.eth, Samples.btc, timeframe: minute) == [])
        #expect(try await store.readingStates(of: Samples.eth, Samples.eth, timeframe: minute).count == 1)
        #expect(try await slots(in: store, hour) == [11])
        try await store.close()
    }

    @Test("bars that an import does not change do not remove states")
    func importWithoutChange() async throws {
        let store = try Samples.store(folder.file())
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(10)], states: [try Samples.state(11)]))
        #expect(try await store.addBars([try Samples.bar(10, close: 1)]).isEmpty)
        #expect(try await slots(in: store) == [11])
        try await store.close()
    }

    @Test("states that a running exporter wrote during an import are removed when it is complete")
    func importBesideExporter() async throws {
        let store = try Samples.store(folder.file())
        let importer = try SQLiteTradeStore(
            path: folder.file(),
            synchronous: .normal,
            streams: Samples.streams,
            access: .shared
        )
        let range = ImportedRange(
            instrument: Samples.ether,
            timeframe: minute,
            checksum: "c",
            source: "bars.csv",
            times: minute.openTime(of: 10)...minute.openTime(of: 20)
        )
        try await importer.beginImport(range, of: Samples.eth)
        _ = try await importer.addBars([try Samples.bar(10, of: Samples.eth)])
        _ = try await store.write(StoreBatch(states: [try Samples.state(9, window: 60), try Samples.state(30)]))
        #expect(try await slots(in: store) == [9, 30])
        try await importer.completeImport(range, of: Samples.eth)
        #expect(try await slots(in: store) == [9])
        try await importer.close()
        try await store.close()
    }

    @Test("a bar revised by a late trade does not remove states: decisions stay")
    func revision() async throws {
        let store = try Samples.store(folder.file())
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(10)], states: [try Samples.state(11)]))
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(10, close: 1)]))
        #expect(try await slots(in: store) == [11])
        try await store.close()
    }
}
