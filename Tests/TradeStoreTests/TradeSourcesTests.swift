import GRDB
import MarketData
import TestSupport
import Testing

@testable import TradeStore

@Suite struct TradeSourcesTests {
    private static let instrument = Instrument(venue: .coinbase, symbol: "A")
    private static let names = ["trade", "file-1", "file-2"]
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func withStore<Value>(
        _ name: String,
        _ body: (SQLiteTradeStore) async throws -> Value
    ) async throws -> Value {
        let streams = StreamTable([TradeStream(instrument: Self.instrument, name: name)])
        let store = try SQLiteTradeStore(
            path: folder.file(),
            synchronous: .normal,
            streams: streams,
            access: .shared
        )
        let value = try await body(store)
        try await store.close()
        return value
    }

    private func trade(_ id: Int64, at second: Int64, price: Int = 1) throws -> Trade {
        try Samples.trade(id, at: second, price: "\(price)")
    }

    private func add(_ trades: [Trade], to name: String, isImport: Bool) async throws {
        try await withStore(name) { store in
            if isImport, let first = trades.map(\.time).min(), let last = trades.map(\.time).max(),
                let least = trades.map(\.id).min(), let greatest = trades.map(\.id).max()
            {
                let range = ImportedRange(
                    instrument: Self.instrument,
                    stream: name,
                    checksum: "\(name) \(least)",
                    source: name,
                    ids: least...greatest,
                    times: first...last
                )
                try await store.beginImport(range, of: InstrumentID(0))
            }
            _ = try await store.write(StoreBatch(trades: trades))
        }
    }

    @Test("trades are found by time in all streams, whatever the order of an import", arguments: 0..<6)
    func property(number: Int) async throws {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        var times: [String: [Int64]] = [:]
        for (index, name) in Self.names.enumerated() where index <= number % 3 {
            let first = Int64.random(in: 0..<500, using: &random)
            var seconds = (0..<Int.random(in: 1...3_000, using: &random)).map { first + Int64($0) / 3 }
            // A feed delivers trades nearly in order.
            if index > 0 { seconds.shuffle(using: &random) } else { seconds.swapAt(0, min(2, seconds.count - 1)) }
            times[name] = seconds
            let trades = try seconds.enumerated().map { try trade(Int64($0.offset) * 3 + 1, at: $0.element) }
            try await add(trades, to: name, isImport: index > 0)
        }
        let all = times.values.flatMap(\.self)
        try await withStore(Self.names[0]) { store in
            for _ in 0..<30 {
                let second = Int64.random(in: -5..<2_000, using: &random)
                let time = Samples.time(second)
                let before = try await store.tradeTime(of: InstrumentID(0), before: time)
                let after = try await store.tradeTime(of: InstrumentID(0), after: time)
                #expect(before == all.filter { $0 < second }.max().map(Samples.time), "seed \(seed)")
                #expect(after == all.filter { $0 > second }.min().map(Samples.time), "seed \(seed)")
                let end = second + Int64.random(in: 0..<300, using: &random)
                let sources = try await store.tradeSources(of: InstrumentID(0), in: time...Samples.time(end))
                for (name, seconds) in times {
                    let wanted = seconds.enumerated().filter { $0.element >= second && $0.element <= end }
                        .map { Int64($0.offset) * 3 + 1 }
                    let ids = sources.first { $0.name == name }?.ids ?? []
                    #expect(ids.isEmpty == wanted.isEmpty, "seed \(seed)")
                    #expect(wanted.allSatisfy { id in ids.contains { $0.contains(id) } }, "seed \(seed)")
                }
                let sorted = try await SortedTrades(
                    of: InstrumentID(0),
                    in: sources,
                    times: time...Samples.time(end),
                    store: store
                )
                let found = try await sorted.trades(after: 0, limit: 100_000)
                let expected = all.filter { $0 >= second && $0 <= end }.sorted().map(Samples.time)
                #expect(found.map(\.time) == expected, "seed \(seed)")
                #expect(found.enumerated().allSatisfy { $0.element.id == Int64($0.offset) + 1 })
                try await sorted.remove()
            }
        }
    }

    @Test("of the trades at one time, runs that end then come first, runs that begin then last")
    func moment() async throws {
        // The later of two beginnings contains earlier trades, the later of two ends contains later ones.
        let pieces: [(name: String, trades: [Trade])] = [
            ("file-5", [try trade(1, at: 10, price: 7), try trade(2, at: 11, price: 8)]),
            ("file-6", [try trade(1, at: 10, price: 6), try trade(2, at: 11, price: 9)]),
            ("file-1", [try trade(1, at: 9, price: 2), try trade(2, at: 10, price: 3)]),
            ("file-2", [try trade(1, at: 8, price: 0), try trade(2, at: 10, price: 4)]),
            (
                "file-3",
                [try trade(1, at: 9, price: 1), try trade(2, at: 10, price: 5), try trade(3, at: 12, price: 10)]
            ),
        ]
        for piece in pieces { try await add(piece.trades, to: piece.name, isImport: true) }
        try await withStore("file-1") { store in
            let times = Samples.time(0)...Samples.time(20)
            let sources = try await store.tradeSources(of: InstrumentID(0), in: times)
            let sorted = try await SortedTrades(of: InstrumentID(0), in: sources, times: times, store: store)
            let prices = try await sorted.trades(after: 0, limit: 100).map(\.price.description)
            #expect(prices == (0...10).map(String.init))
        }
    }

    private func sortedPrices() async throws -> [Int] {
        try await withStore("file-1") { store in
            let times = Samples.time(0)...Samples.time(30)
            let sources = try await store.tradeSources(of: InstrumentID(0), in: times)
            let sorted = try await SortedTrades(of: InstrumentID(0), in: sources, times: times, store: store)
            return try await sorted.trades(after: 0, limit: 100).compactMap { Int($0.price.description) }
        }
    }

    @Test("trades without ids at the last and first times of two imports with ids lie between them")
    func between() async throws {
        let plain: [(second: Int64, price: Int)] = [(8, 0), (10, 3), (11, 4), (12, 5), (14, 8)]
        let trades = try plain.enumerated().map { try trade(Int64($0 + 1), at: $1.second, price: $1.price) }
        try await add(trades, to: "file-1", isImport: true)
        try await add([trade(1, at: 9, price: 1), trade(2, at: 10, price: 2)], to: "trade", isImport: true)
        try await add([trade(6, at: 12, price: 6), trade(7, at: 13, price: 7)], to: "trade", isImport: true)
        #expect(try await sortedPrices() == Array(0...8))
    }

    @Test("trades without ids lie outside those with ids that begin or end with them", arguments: [false, true])
    func outside(isNumberedFirst: Bool) async throws {
        let plain = [try trade(1, at: 10, price: 0), try trade(2, at: 11, price: 2), try trade(3, at: 20, price: 5)]
        let numbered = [try trade(2, at: 10, price: 1), try trade(4, at: 12, price: 3), try trade(5, at: 20, price: 4)]
        if isNumberedFirst { try await add(numbered, to: "trade", isImport: true) }
        try await add(plain, to: "file-1", isImport: true)
        if !isNumberedFirst { try await add(numbered, to: "trade", isImport: true) }
        #expect(try await sortedPrices() == Array(0...5))
    }

    @Test("batches of several instruments are one transaction, and new trades are counted for each")
    func batches() async throws {
        let store = try SQLiteTradeStore(path: folder.file(), synchronous: .normal, streams: Samples.streams)
        let sizes = TransactionSizes()
        store.database.add(transactionObserver: sizes)
        _ = try await store.write(StoreBatch(trades: Samples.trades(1...3)))
        let times = Samples.time(0)...Samples.time(9)
        let sources = try await store.tradeSources(of: Samples.btc, in: times)
        let present = try await PresentTrades(of: Samples.btc, in: sources, times: times, store: store)
        let replaced = try await present.rows(at: [Samples.time(1)]).flatMap(\.self)
        let before = sizes.sizes.count
        let new = try await store.write([
            ReplacingBatch(StoreBatch(trades: Samples.trades(2...9)), inPlaceOf: replaced),
            ReplacingBatch(StoreBatch(trades: Samples.trades(1...4, of: Samples.eth))),
        ])
        #expect(new == [6, 4] && sizes.sizes.count == before + 1)
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(0)).map(\.id) == Array(2...9))
        try await store.close()
    }

    @Test("rebuilt bars replace others, except bars whose trades are missing on disk")
    func replacing() async throws {
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
        let found = try await withStore("trade") { store in
            _ = try await store.write(StoreBatch(bars: stored))
            let untraded = try await store.untradedSlots(of: InstrumentID(0), timeframe: minute, in: 1...9)
            #expect(untraded == [3...4, 7...7])
            try await store.replaceBars(rebuilt, clearing: [(minute, 7...9)], of: InstrumentID(0))
            return try await store.bars(of: InstrumentID(0), timeframe: minute, slots: 0...Int64.max)
        }
        let texts = found.map { "\($0.slot) \($0.state) \($0.origin) \($0.prices?.trades ?? 0)" }
        #expect(
            texts == [
                "1 traded trades 5", "2 gap trades 0", "3 traded trades 1", "4 carried trades 0", "5 traded klines 9",
                "6 traded trades 1", "8 traded trades 2", "9 traded klines 2",
            ]
        )
    }
}
