import MarketData
import Testing

@testable import TradeStore

/// ``TradeMergeStore``: trades of a file beside those that other streams have.
@Suite struct TradeMergeContract {
    private static let plain = StreamTable([TradeStream(instrument: Samples.bitcoin, name: "file-1")])

    /// Imports one trade a second without ids.
    private func importPlain(_ ids: ClosedRange<Int64>, into place: StorePlace) async throws {
        let store = try place.openForImport(Self.plain)
        let range = ImportedRange(
            instrument: Samples.bitcoin,
            stream: "file-1",
            checksum: "a",
            source: "a.csv",
            ids: ids,
            times: Samples.time(ids.lowerBound)...Samples.time(ids.upperBound)
        )
        try await store.beginImport(range, of: Samples.btc)
        _ = try await store.write(StoreBatch(trades: try Samples.trades(ids)))
        try await store.close()
    }

    @Test("the trades of other streams are found by time, and each is matched once", arguments: StoreKind.ofImports)
    func present(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        try await importPlain(1...9, into: place)
        let store = try place.openForImport()
        let times = Samples.time(1)...Samples.time(5)
        let sources = try await store.tradeSources(of: Samples.btc, in: times)
        #expect(sources.map(\.name) == ["file-1"])
        let present = try await store.presentTrades(of: Samples.btc, in: sources, times: times)
        #expect(present.times == times)
        let rows = try await present.rows(at: [Samples.time(1), Samples.time(3), Samples.time(7)])
        #expect(rows.map { $0.map(\.trade.id) } == [[1], [3], []])
        #expect(rows.map { $0.map(\.isAtStart) } == [[true], [false], []])
        #expect(rows[0].first?.trade == (try Samples.trade(1, at: 1)))
        try await present.remove(rows[1])
        #expect(try await present.rows(at: [Samples.time(3)]).map(\.count) == [0])
        let none = try await store.presentTrades(of: Samples.btc, in: [], times: times)
        #expect(none.times == nil)
        try await store.close()
    }

    @Test("trades with ids replace those without, and new trades are counted by batch", arguments: StoreKind.ofImports)
    func replacing(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        try await importPlain(1...3, into: place)
        let store = try place.openForImport()
        let times = Samples.time(0)...Samples.time(9)
        let sources = try await store.tradeSources(of: Samples.btc, in: times)
        let present = try await store.presentTrades(of: Samples.btc, in: sources, times: times)
        let replaced = try await present.rows(at: [Samples.time(1), Samples.time(2)]).flatMap(\.self)
        let new = try await store.write([
            ReplacingBatch(
                StoreBatch(trades: Samples.trades(101...102), gapChanges: [.put(Samples.gap(103...104))]),
                inPlaceOf: replaced
            ),
            ReplacingBatch(StoreBatch(trades: Samples.trades(1...4, of: Samples.eth))),
        ])
        #expect(new == [2, 4])
        #expect(try await store.openGaps(of: Samples.btc).map(\.gap) == [Samples.gap(103...104)])
        let refused = [ReplacingBatch(StoreBatch(trades: [try Samples.trade(105), try Samples.trade(-1)]))]
        await #expect(throws: StoreError.self) { try await store.write(refused) }
        try await store.close()
        var ids: [String: [Int64]] = [:]
        let reader = try place.openForReading()
        for stream in try await reader.streams() where stream.instrument == Samples.bitcoin {
            try await reader.trades(of: stream, from: Samples.time(0), through: Samples.time(999)) { trades in
                ids[stream.name, default: []] += trades.map(\.id)
            }
        }
        #expect(ids == ["aggTrade": [101, 102], "file-1": [3]])
    }
}
