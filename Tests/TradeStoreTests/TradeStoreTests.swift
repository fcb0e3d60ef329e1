import Foundation
import MarketData
import TestSupport
import Testing

@testable import TradeStore

/// The contract of every implementation of the protocol.
@Suite struct TradeStoreTests {
    enum Kind: CaseIterable {
        case file
        case memory
    }

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func makeStore(_ kind: Kind) throws -> any TradeStore {
        switch kind {
        case .file: try Samples.store(folder.file())
        case .memory: MemoryTradeStore(streams: Samples.streams)
        }
    }

    @Test("a trade is read as it was written", arguments: Kind.allCases)
    func roundTrip(kind: Kind) async throws {
        let store = try makeStore(kind)
        let trades = [
            try Samples.trade(0, price: "0.00000100", quantity: "12", side: .sell),
            try Samples.trade(7, price: "9223372036854775807", quantity: "0.000000000000000001", side: .unknown),
            try Samples.trade((1 << 44) - 1, price: "9.223372036854775807", quantity: "0", side: .buy),
        ]
        #expect(try await store.write(StoreBatch(trades: trades)) == 3)
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(0)) == trades)
        #expect(try await store.lastTrade(of: Samples.btc) == trades.last)
        #expect(try await store.lastTrade(of: Samples.eth) == nil)
        try await store.close()
    }

    @Test("a trade counts as new once, and the first version stays", arguments: Kind.allCases)
    func idempotence(kind: Kind) async throws {
        let store = try makeStore(kind)
        let first = try Samples.trades(1...50)
        #expect(try await store.write(StoreBatch(trades: first)) == 50)
        let again = try Samples.trades(40...80).map { trade in
            var trade = trade
            trade.takerSide = .sell
            return trade
        }
        // More than one statement contains.
        #expect(try await store.write(StoreBatch(trades: again + again)) == 30)
        let stored = try await store.trades(of: Samples.btc, from: Samples.time(0))
        #expect(stored == first + again.suffix(30))
        try await store.close()
    }

    @Test("the last known id includes gaps of any state", arguments: Kind.allCases)
    func knownIDs(kind: Kind) async throws {
        let store = try makeStore(kind)
        #expect(try await store.lastKnownID(of: Samples.btc) == nil)
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...5)))
        #expect(try await store.lastKnownID(of: Samples.btc) == 5)
        _ = try await store.write(StoreBatch(gapChanges: [.put(Samples.gap(6...9, state: .discarded))]))
        #expect(try await store.lastKnownID(of: Samples.btc) == 9)
        #expect(try await store.lastKnownID(of: Samples.eth) == nil)
        try await store.close()
    }

    @Test("the same id in another stream is another trade", arguments: Kind.allCases)
    func streamsApart(kind: Kind) async throws {
        let store = try makeStore(kind)
        let trades = [try Samples.trade(5), try Samples.trade(5, of: Samples.eth, price: "2600.01")]
        #expect(try await store.write(StoreBatch(trades: trades)) == 2)
        #expect(try await store.lastTrade(of: Samples.eth)?.price.description == "2600.01")
        try await store.close()
    }

    @Test("an id that does not fit is refused, with its batch", arguments: Kind.allCases, [-1, .max])
    func idOutOfRange(kind: Kind, id: Int64) async throws {
        let store = try makeStore(kind)
        let batch = StoreBatch(trades: [try Samples.trade(1), try Samples.trade(id)])
        let expected = StoreError.idOutOfRange(stream: Samples.streams[Samples.btc], id: id)
        await #expect(throws: expected) { try await store.write(batch) }
        #expect(!store.acceptedIDs.contains(id))
        #expect(try await store.lastTrade(of: Samples.btc) == nil)
        try await store.close()
    }

    @Test(
        "trades from a time on are found although ids are only nearly in the order of time",
        arguments: Kind.allCases
    )
    func tradesFromTime(kind: Kind) async throws {
        let store = try makeStore(kind)
        // 900 consecutive old trades, as in a late report of a venue, hide nothing; 1,000 end the search.
        let trades =
            try (0..<10).map { try Samples.trade($0, at: 200) } + (10..<1500).map { try Samples.trade($0, at: 50) }
            + (1500..<1510).map { try Samples.trade($0, at: 200) } + (1510..<2410).map { try Samples.trade($0, at: 50) }
            + (2410..<2420).map { try Samples.trade($0, at: 100) }
        _ = try await store.write(StoreBatch(trades: trades))
        let found = try await store.trades(of: Samples.btc, from: Samples.time(100))
        #expect(found.suffix(20).map(\.id) == Array(1500..<1510) + Array(2410..<2420))
        #expect(found.dropLast(20).allSatisfy { $0.id < 10 })
        try await store.close()
    }

    @Test("a bar is read as it was written, and a later one replaces it", arguments: Kind.allCases)
    func bars(kind: Kind) async throws {
        let store = try makeStore(kind)
        let minute = try Samples.minute()
        var gap = try Samples.bar(-3)
        gap.state = .gap
        gap.prices = nil
        let carried = Bar(
            instrument: Samples.btc,
            timeframe: minute,
            slot: 11,
            state: .carried,
            origin: .klines,
            prices: .carried(0.1)
        )
        let bars = [gap, try Samples.bar(10), carried]
        _ = try await store.write(StoreBatch(bars: bars.reversed() + [try Samples.bar(10, of: Samples.eth)]))
        #expect(try await store.bars(of: Samples.btc, timeframe: minute, slots: .min...Int64.max) == bars)
        #expect(try await store.bars(of: Samples.btc, timeframe: minute, slots: 11...Int64.max) == [carried])
        #expect(try await store.bars(of: Samples.btc, timeframe: minute, slots: -3...10) == Array(bars.prefix(2)))
        #expect(try await store.bars(of: Samples.btc, timeframe: minute, slots: -2...9) == [])

        let replacement = try Samples.bar(11, close: 1)
        _ = try await store.write(StoreBatch(bars: [replacement]))
        #expect(try await store.bars(of: Samples.btc, timeframe: minute, slots: 11...Int64.max) == [replacement])
        let hour = try #require(Timeframe("1h"))
        #expect(try await store.bars(of: Samples.btc, timeframe: hour, slots: .min...Int64.max) == [])
        try await store.close()
    }

    @Test(
        "the last bars are those of the last slots, missing ones included",
        arguments: Kind.allCases,
        [(1, 1), (3, 2), (6, 3), (0, 0)]
    )
    func lastBars(kind: Kind, slots: (count: Int, expected: Int)) async throws {
        let (count, expected) = slots
        let store = try makeStore(kind)
        let bars = [try Samples.bar(5), try Samples.bar(8), try Samples.bar(10)]
        _ = try await store.write(StoreBatch(bars: bars))
        let last = try await store.bars(of: Samples.btc, timeframe: try Samples.minute(), last: count)
        #expect(last == Array(bars.suffix(expected)))
        let all = try await store.bars(of: Samples.btc, timeframe: try Samples.minute(), last: .max)
        #expect(all == bars)
        try await store.close()
    }

    @Test("open gaps have the times of their neighbours", arguments: Kind.allCases)
    func gaps(kind: Kind) async throws {
        let store = try makeStore(kind)
        let batch = StoreBatch(
            trades: try Samples.trades(10...12) + Samples.trades(20...21) + Samples.trades(1...40, of: Samples.eth),
            gapChanges: [
                .put(Samples.gap(22...30)), .put(Samples.gap(13...19)), .put(Samples.gap(1...9)),
                .put(Samples.gap(5...6, of: Samples.eth)), .put(Samples.gap(31...31, state: .discarded)),
            ]
        )
        _ = try await store.write(batch)
        #expect(
            try await store.openGaps(of: Samples.btc) == [
                StoredIDGap(gap: Samples.gap(1...9), precedingTime: nil, followingTime: Samples.time(10)),
                StoredIDGap(
                    gap: Samples.gap(13...19),
                    precedingTime: Samples.time(12),
                    followingTime: Samples.time(20)
                ),
                StoredIDGap(gap: Samples.gap(22...30), precedingTime: Samples.time(21), followingTime: nil),
            ]
        )
        try await store.close()
    }

    @Test("gap changes are applied in their order", arguments: Kind.allCases)
    func gapChanges(kind: Kind) async throws {
        let store = try makeStore(kind)
        let repair: [IDGapChange] = [
            .put(Samples.gap(13...19)), .remove(instrument: Samples.btc, firstID: 13),
            .put(Samples.gap(13...15, state: .repaired)), .put(Samples.gap(16...19)),
        ]
        _ = try await store.write(StoreBatch(gapChanges: repair))
        #expect(try await store.openGaps(of: Samples.btc).map(\.gap) == [Samples.gap(16...19)])
        _ = try await store.write(StoreBatch(gapChanges: [.put(Samples.gap(16...18, state: .unrepairable))]))
        #expect(try await store.openGaps(of: Samples.btc) == [])
        try await store.close()
    }

    @Test(
        "pruning removes what is too old, keeps the last trade and the gaps above the first",
        arguments: Kind.allCases
    )
    func prune(kind: Kind) async throws {
        let store = try makeStore(kind)
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

    @Test("pruning does not change the instruments of other feeds", arguments: Kind.allCases)
    func pruneOneFeed(kind: Kind) async throws {
        let store = try makeStore(kind)
        _ = try await store.write(
            StoreBatch(trades: try Samples.trades(1...9) + Samples.trades(1...9, of: Samples.eth))
        )
        let outcome = try await store.prune([Samples.eth], tradesBefore: Samples.time(100), bars: [])
        #expect(outcome.trades == 8)
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(0)).count == 9)
        try await store.close()
    }

    @Test("the size grows with what is stored", arguments: Kind.allCases)
    func size(kind: Kind) async throws {
        let store = try makeStore(kind)
        let before = try await store.sizeInBytes()
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...10_000)))
        #expect(try await store.sizeInBytes() >= before + 10_000 * 25)
        try await store.close()
    }

    @Test("closing twice does nothing, and using a closed store is an error", arguments: Kind.allCases)
    func closed(kind: Kind) async throws {
        let store = try makeStore(kind)
        try await store.close()
        try await store.close()
        let batch = StoreBatch(trades: [try Samples.trade(1)])
        await #expect(throws: StoreError.self) { try await store.write(batch) }
        await #expect(throws: StoreError.self) { try await store.lastTrade(of: Samples.btc) }
    }
}
