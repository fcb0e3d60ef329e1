import MarketData
import Testing

@testable import TradeStore

/// ``RebuiltBarStore``: bars of imports beside those that are stored.
@Suite struct RebuiltBarContract {
    private let minute: Timeframe

    init() throws {
        minute = try Samples.minute()
    }

    private func slots(in store: any ReadingStateReader, _ timeframe: Timeframe? = nil) async throws -> [Int64] {
        try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: timeframe ?? minute).map(\.slot)
    }

    @Test("the nearest bars with trades are found, of those built from trades", arguments: StoreKind.ofImports)
    func neighbours(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try place.openForImport()
        func bar(_ slot: Int64, _ state: BarState, origin: BarOrigin = .trades) throws -> Bar {
            var bar = try Samples.bar(slot, close: Double(slot))
            (bar.state, bar.origin) = (state, origin)
            if state == .gap { bar.prices = nil }
            return bar
        }
        let bars = [
            try bar(1, .traded), try bar(2, .carried), try bar(3, .traded, origin: .klines), try bar(4, .gap),
            try bar(5, .traded), try bar(6, .carried), try bar(9, .traded, origin: .klines),
        ]
        _ = try await store.write(StoreBatch(bars: bars))
        let before = try await store.tradedBar(of: Samples.btc, timeframe: minute, before: 5)
        #expect(before?.slot == 1 && before?.close == 1)
        let after = try await store.tradedBar(of: Samples.btc, timeframe: minute, after: 1)
        #expect(after?.slot == 5 && after?.close == 5)
        #expect(try await store.tradedBar(of: Samples.btc, timeframe: minute, before: 1) == nil)
        #expect(try await store.tradedBar(of: Samples.btc, timeframe: minute, after: 5) == nil)
        #expect(try await store.lastBuiltSlot(of: Samples.btc, timeframe: minute) == 6)
        #expect(try await store.lastBuiltSlot(of: Samples.eth, timeframe: minute) == nil)
        try await store.close()
    }

    @Test("rebuilt bars replace others, except bars whose trades are missing", arguments: StoreKind.ofImports)
    func replacing(kind: StoreKind) async throws {
        let minute = try Samples.minute()
        func bar(_ slot: Int64, _ state: BarState, trades: Int, origin: BarOrigin = .trades) -> Bar {
            let prices = BarPrices(open: 1, high: 1, low: 1, close: 1, volume: 1, trades: trades)
            return Bar(
                instrument: InstrumentID(0),
                timeframe: minute,
                slot: slot,
                state: state,
                origin: origin,
                prices: state == .gap ? nil : prices
            )
        }
        let stored = [
            bar(1, .traded, trades: 5), bar(2, .traded, trades: 5), bar(3, .carried, trades: 0),
            bar(4, .gap, trades: 0),
            bar(5, .traded, trades: 9, origin: .klines), bar(6, .traded, trades: 9, origin: .klines),
            bar(7, .carried, trades: 0), bar(8, .traded, trades: 2), bar(9, .traded, trades: 2, origin: .klines),
        ]
        let rebuilt = [
            RebuiltBar(bar(1, .traded, trades: 4), trades: 4), RebuiltBar(bar(2, .gap, trades: 0), trades: 5),
            RebuiltBar(bar(3, .traded, trades: 1), trades: 1), RebuiltBar(bar(4, .carried, trades: 0), trades: 0),
            RebuiltBar(bar(5, .gap, trades: 0), trades: 0), RebuiltBar(bar(6, .traded, trades: 1), trades: 1),
        ]
        let place = try StorePlace(kind)
        let store = try place.openForImport()
        _ = try await store.write(StoreBatch(bars: stored))
        let untraded = try await store.untradedSlots(of: Samples.btc, timeframe: minute, in: 1...9)
        #expect(untraded == [3...4, 7...7])
        try await store.replaceBars(rebuilt, clearing: [(minute, 7...9)], of: Samples.btc)
        let found = try await place.openForReading().bars(of: Samples.bitcoin, timeframe: minute, slots: 0...Int64.max)
        try await store.close()
        let texts = found.map { "\($0.slot) \($0.state) \($0.origin) \($0.prices?.trades ?? 0)" }
        #expect(
            texts == [
                "1 traded trades 5", "2 gap trades 0", "3 traded trades 1", "4 carried trades 0", "5 traded klines 9",
                "6 traded trades 1", "8 traded trades 2", "9 traded klines 2",
            ]
        )
    }

    @Test("bars of a file stay behind those built from trades that have a value", arguments: StoreKind.ofImports)
    func added(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try place.openForImport()
        var gap = try Samples.bar(2)
        (gap.state, gap.prices) = (.gap, nil)
        var candle = try Samples.bar(3)
        candle.origin = .klines
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(1), gap, candle]))
        let bars = try (Int64(1)...4).map { slot in
            var bar = try Samples.bar(slot, close: 7)
            bar.origin = .klines
            return bar
        }
        #expect(try await store.addBars(bars) == Array(bars[1...]))
        let stored = try await place.openForReading().bars(of: Samples.bitcoin, timeframe: minute, slots: 0...9)
        #expect(stored == [try Samples.bar(1)] + bars[1...])
        try await store.close()
    }

    @Test(
        "an import removes the states that include a bar that it wrote, and no others",
        arguments: StoreKind.allCases,
        [true, false]
    )
    func states(kind: StoreKind, isBuiltFromTrades: Bool) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        let importer = try place.openForImport()
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
            try await importer.replaceBars(bars.map { RebuiltBar($0, trades: 7) }, clearing: [], of: Samples.btc)
        } else {
            #expect(try await importer.addBars(bars).count == 2)
        }
        #expect(try await slots(in: store) == [9])
        #expect(try await store.readingStates(of: Samples.eth, Samples.btc, timeframe: minute) == [])
        #expect(try await store.readingStates(of: Samples.eth, Samples.eth, timeframe: minute).count == 1)
        #expect(try await slots(in: store, hour) == [11])
        try await importer.close()
        try await store.close()
    }

    @Test("bars that an import does not change do not remove states", arguments: StoreKind.allCases)
    func importWithoutChange(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        let importer = try place.openForImport()
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(10)], states: [try Samples.state(11)]))
        #expect(try await importer.addBars([try Samples.bar(10, close: 1)]).isEmpty)
        #expect(try await slots(in: store) == [11])
        try await importer.close()
        try await store.close()
    }
}
