import MarketData
import Testing

@testable import TradeStore

/// ``IDGapReader``: which ids are known and not stored.
@Suite struct IDGapReaderContract {
    @Test("the last known id includes gaps of any state", arguments: StoreKind.allCases)
    func knownIDs(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        #expect(try await store.lastKnownID(of: Samples.btc) == nil)
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...5)))
        #expect(try await store.lastKnownID(of: Samples.btc) == 5)
        _ = try await store.write(StoreBatch(gapChanges: [.put(Samples.gap(6...9, state: .discarded))]))
        #expect(try await store.lastKnownID(of: Samples.btc) == 9)
        #expect(try await store.lastKnownID(of: Samples.eth) == nil)
        try await store.close()
    }

    @Test("open gaps have the times of their neighbours", arguments: StoreKind.allCases)
    func gaps(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
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

    @Test("gap changes are applied in their order", arguments: StoreKind.allCases)
    func gapChanges(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
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

    @Test("gaps that overlap a range of ids are read in any state", arguments: StoreKind.allCases)
    func overlapping(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        let gaps = [
            Samples.gap(1...3), Samples.gap(5...9, state: .repaired), Samples.gap(12...12, state: .discarded),
            Samples.gap(20...29, state: .unrepairable),
        ]
        let others = [Samples.gap(5...6, of: Samples.eth)]
        _ = try await store.write(StoreBatch(gapChanges: (gaps + others).map { .put($0) }))
        #expect(try await store.gaps(of: Samples.btc, overlapping: 9...20) == Array(gaps[1...]))
        #expect(try await store.gaps(of: Samples.btc, overlapping: 4...4) == [])
        #expect(try await store.unrepairableGaps(of: Samples.btc).map(\.gap) == [gaps[3]])
        try await store.close()
    }

    @Test("gaps of an earlier numbering stay, and change by their own ids", arguments: StoreKind.allCases)
    func numberings(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let base = TradeNumbering.base(of: 1)
        let store = try await place.open()
        let first: [IDGapChange] = [.put(Samples.gap(5...9)), .put(Samples.gap(13...13))]
        _ = try await store.write(StoreBatch(trades: try Samples.trades(10...12), gapChanges: first))
        let second: [IDGapChange] = [
            .put(Samples.gap(base...base)), .remove(instrument: Samples.btc, firstID: 13),
            .put(Samples.gap(5...9, state: .unrepairable)),
        ]
        _ = try await store.write(StoreBatch(trades: [try Samples.trade(base + 1, at: 100)], gapChanges: second))
        let open = StoredIDGap(gap: Samples.gap(base...base), precedingTime: nil, followingTime: Samples.time(100))
        #expect(try await store.openGaps(of: Samples.btc) == [open])
        #expect(try await store.unrepairableGaps(of: Samples.btc).map(\.gap.firstID) == [5])
        #expect(try await store.lastKnownID(of: Samples.btc) == base + 1)
        _ = try await store.write(StoreBatch(gapChanges: [.put(Samples.gap((base + 2)...(base + 7)))]))
        #expect(try await store.lastKnownID(of: Samples.btc) == base + 7)
        try await store.close()
    }
}
