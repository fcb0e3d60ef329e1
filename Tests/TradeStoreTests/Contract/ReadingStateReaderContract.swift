import MarketData
import Testing

@testable import TradeStore

/// ``ReadingStateReader``: states of readings, from one run to the next.
@Suite struct ReadingStateReaderContract {
    private let minute: Timeframe

    init() throws {
        minute = try Samples.minute()
    }

    private func slots(in store: any ReadingStateReader, _ timeframe: Timeframe? = nil) async throws -> [Int64] {
        try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: timeframe ?? minute).map(\.slot)
    }

    @Test(
        "states of one pair and timeframe are read as they were written",
        arguments: StoreKind.allCases
    )
    func roundTrip(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
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

    @Test("the last state of a key counts, within a batch and after it", arguments: StoreKind.allCases)
    func replacement(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
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

    @Test("a bar revised by a late trade does not remove states: decisions stay", arguments: StoreKind.allCases)
    func revision(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(10)], states: [try Samples.state(11)]))
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(10, close: 1)]))
        #expect(try await slots(in: store) == [11])
        try await store.close()
    }
}
