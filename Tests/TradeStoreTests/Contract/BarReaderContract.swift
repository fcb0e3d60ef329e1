import MarketData
import Testing

@testable import TradeStore

/// ``BarReader``: bars of any state, by slot.
@Suite struct BarReaderContract {
    @Test("a bar is read as it was written, and a later one replaces it", arguments: StoreKind.allCases)
    func bars(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
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
        arguments: StoreKind.allCases,
        [(1, 1), (3, 2), (6, 3), (0, 0)]
    )
    func lastBars(kind: StoreKind, slots: (count: Int, expected: Int)) async throws {
        let (count, expected) = slots
        let place = try StorePlace(kind)
        let store = try await place.open()
        let bars = [try Samples.bar(5), try Samples.bar(8), try Samples.bar(10)]
        _ = try await store.write(StoreBatch(bars: bars))
        let last = try await store.bars(of: Samples.btc, timeframe: try Samples.minute(), last: count)
        #expect(last == Array(bars.suffix(expected)))
        let all = try await store.bars(of: Samples.btc, timeframe: try Samples.minute(), last: .max)
        #expect(all == bars)
        try await store.close()
    }
}
