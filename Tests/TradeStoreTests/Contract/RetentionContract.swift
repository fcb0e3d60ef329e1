import MarketData
import Testing

@testable import TradeStore

/// ``RetentionStore``: what is old is removed, and nothing else.
@Suite struct RetentionContract {
    private let minute: Timeframe

    init() throws {
        minute = try Samples.minute()
    }

    private func slots(in store: any ReadingStateReader, _ timeframe: Timeframe? = nil) async throws -> [Int64] {
        try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: timeframe ?? minute).map(\.slot)
    }

    @Test(
        "pruning removes what is too old, keeps the last trade and the gaps above the first",
        arguments: StoreKind.allCases
    )
    func prune(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        let minute = try Samples.minute()
        // More than two steps; trade 6001 is out of the order of time.
        var trades = try Samples.trades(1...6000)
        trades.append(try Samples.trade(6001, at: 10))
        trades += try Samples.trades(6002...6010)
        _ = try await store.write(
            StoreBatch(
                trades: trades + (try Samples.trades(1...50, of: Samples.eth)),
                bars: try (0..<5000).map { try Samples.bar($0) } + [try Samples.bar(1, of: Samples.eth)],
                gapChanges: [.put(Samples.gap(5...6)), .put(Samples.gap(6011...6020))]
            )
        )
        let outcome = try await store.prune(
            tradesBefore: Samples.time(5001),
            bars: [(minute, before: minute.openTime(of: 4500))]
        )
        #expect(outcome == PruneOutcome(trades: 5000 + 1 + 49, bars: 4501, gaps: 1))
        let left = try await store.trades(of: Samples.btc, from: Timestamp(microseconds: .min))
        #expect(left.map(\.id) == Array(5001...6000) + Array(6002...6010))
        #expect(try await store.lastTrade(of: Samples.eth)?.id == 50)
        let bars = try await store.bars(of: Samples.btc, timeframe: minute, slots: .min...Int64.max)
        #expect(bars.map(\.slot) == Array(4500..<5000))
        #expect(try await store.openGaps(of: Samples.btc).map(\.gap) == [Samples.gap(6011...6020)])
        let again = try await store.prune(tradesBefore: Samples.time(5001), bars: [])
        #expect(again == PruneOutcome())
        try await store.close()
    }

    @Test("pruning does not change the instruments of other feeds", arguments: StoreKind.allCases)
    func pruneOneFeed(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        _ = try await store.write(
            StoreBatch(trades: try Samples.trades(1...9) + Samples.trades(1...9, of: Samples.eth))
        )
        let outcome = try await store.prune([Samples.eth], tradesBefore: Samples.time(100), bars: [])
        #expect(outcome.trades == 8)
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(0)).count == 9)
        try await store.close()
    }

    @Test("a state is removed when its last bar is older than the retention", arguments: StoreKind.allCases)
    func states(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
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

    @Test("imported trades and bars stay until the import is forgotten", arguments: StoreKind.allCases)
    func imports(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let importer = try place.openForImport()
        let trades = ImportedRange(
            instrument: Samples.bitcoin,
            stream: "aggTrade",
            checksum: "t",
            source: "trades.csv",
            ids: 3...6,
            times: Samples.time(3)...Samples.time(6)
        )
        let bars = ImportedRange(
            instrument: Samples.ether,
            timeframe: minute,
            checksum: "b",
            source: "bars.csv",
            times: minute.openTime(of: 20)...minute.closeTime(of: 21)
        )
        try await importer.beginImport(trades, of: Samples.btc)
        try await importer.beginImport(bars, of: Samples.eth)
        _ = try await importer.write(
            StoreBatch(
                trades: try Samples.trades(1...9),
                bars: try (18...24).map { try Samples.bar($0, of: Samples.eth) }
            )
        )
        try await importer.close()
        let store = try await place.open()
        let far = Samples.time(100_000_000)
        let spared = try await store.prune(tradesBefore: far, bars: [(minute, before: far)])
        #expect(spared == PruneOutcome(trades: 4, bars: 4))
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(0)).map(\.id) == [3, 4, 5, 6, 9])
        #expect(try await store.bars(of: Samples.eth, timeframe: minute, last: 99).map(\.slot) == [20, 21, 22])
        let other = try place.openForImport()
        #expect(try await other.forgetImports(from: ["trades.csv"]) == 1)
        #expect(try await store.prune(tradesBefore: far, bars: [(minute, before: far)]) == PruneOutcome(trades: 4))
        #expect(try await other.forgetImports(from: nil) == 1)
        #expect(try await store.prune(tradesBefore: far, bars: [(minute, before: far)]) == PruneOutcome(bars: 3))
        try await other.close()
        try await store.close()
    }

    @Test("the trade with the greatest id of each numbering stays", arguments: StoreKind.allCases)
    func numberings(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        let base = TradeNumbering.base(of: 1)
        let later = try (Int64(1)...3).map { try Samples.trade(base + $0, at: $0) }
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...3) + later))
        #expect(try await store.prune(tradesBefore: Samples.time(9), bars: []) == PruneOutcome(trades: 4))
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(0)).map(\.id) == [3, base + 3])
        try await store.close()
    }
}
