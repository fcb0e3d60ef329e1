import MarketData
import Testing

@testable import TradeStore

/// ``TradeReader``: trades to the letter of the venue, in the order of ids.
@Suite struct TradeReaderContract {
    @Test("a trade is read as it was written", arguments: StoreKind.allCases)
    func roundTrip(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
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

    @Test(
        "a decimal keeps its text, trailing zeros included",
        arguments: StoreKind.allCases,
        ["0.00000100", "12", "0.10", "61800.30", "0.000", "9223372036854775807", "0.000000000000000001", "1.000"]
    )
    func decimals(kind: StoreKind, text: String) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        _ = try await store.write(StoreBatch(trades: [try Samples.trade(1, price: text, quantity: text)]))
        let trade = try #require(try await store.lastTrade(of: Samples.btc))
        #expect(trade.price.description == text && trade.quantity.description == text)
        try await store.close()
    }

    @Test(
        "trades from a time on are found although ids are only nearly in the order of time",
        arguments: StoreKind.allCases
    )
    func tradesFromTime(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
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

    @Test("ids of a later numbering are greater, and trades of all numberings are read", arguments: StoreKind.allCases)
    func numberings(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let base = TradeNumbering.base(of: 1)
        let first = try await place.open()
        _ = try await first.write(StoreBatch(trades: try Samples.trades(10...20)))
        let later = try (Int64(1)...5).map { try Samples.trade(base + $0, at: 100 + $0) }
        #expect(try await first.write(StoreBatch(trades: later)) == 5)
        #expect(try await first.write(StoreBatch(trades: later)) == 0)
        try await first.close()
        let store = try await place.open()
        #expect(try await store.lastTrade(of: Samples.btc) == later.last)
        let ids = try await store.trades(of: Samples.btc, from: Samples.time(15)).map(\.id)
        #expect(ids == Array(15...20) + later.map(\.id))
        try await store.close()
    }
}
