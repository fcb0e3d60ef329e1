import MarketData
import TestSupport
import Testing

@testable import TradeStore

/// ``TradeSourceReader``: the trades of all streams of an instrument, by time and by id.
@Suite struct TradeSourceContract {
    private static let instrument = Instrument(venue: .coinbase, symbol: "A")
    private static let names = ["trade", "file-1", "file-2"]

    private func withStore<Value>(
        _ name: String,
        in place: StorePlace,
        _ body: (any ImportStore) async throws -> Value
    ) async throws -> Value {
        let streams = StreamTable([TradeStream(instrument: Self.instrument, name: name)])
        let store = try place.openForImport(streams)
        let value = try await body(store)
        try await store.close()
        return value
    }

    private func trade(_ id: Int64, at second: Int64, price: Int = 1) throws -> Trade {
        try Samples.trade(id, at: second, price: "\(price)")
    }

    private func add(_ trades: [Trade], to name: String, isImport: Bool, in place: StorePlace) async throws {
        try await withStore(name, in: place) { store in
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

    @Test(
        "trades are found by time in all streams, whatever the order of an import",
        arguments: StoreKind.ofImports,
        0..<3
    )
    func property(kind: StoreKind, number: Int) async throws {
        let seed = UInt64.random(in: 0...(.max))
        let place = try StorePlace(kind)
        var random = SeededRandom(seed: seed)
        var times: [String: [Int64]] = [:]
        for (index, name) in Self.names.enumerated() where index <= number % 3 {
            let first = Int64.random(in: 0..<500, using: &random)
            var seconds = (0..<Int.random(in: 1...3_000, using: &random)).map { first + Int64($0) / 3 }
            // A feed delivers trades nearly in order.
            if index > 0 { seconds.shuffle(using: &random) } else { seconds.swapAt(0, min(2, seconds.count - 1)) }
            times[name] = seconds
            let trades = try seconds.enumerated().map { try trade(Int64($0.offset) * 3 + 1, at: $0.element) }
            try await add(trades, to: name, isImport: index > 0, in: place)
        }
        let all = times.values.flatMap(\.self)
        try await withStore(Self.names[0], in: place) { store in
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
                let times = time...Samples.time(end)
                let sorted = try await store.sortedTrades(of: InstrumentID(0), in: sources, times: times)
                let found = try await sorted.trades(after: 0, limit: 100_000)
                let expected = all.filter { $0 >= second && $0 <= end }.sorted().map(Samples.time)
                #expect(found.map(\.time) == expected, "seed \(seed)")
                #expect(found.enumerated().allSatisfy { $0.element.id == Int64($0.offset) + 1 })
                try await sorted.remove()
            }
        }
    }

    @Test(
        "of the trades at one time, runs that end then come first, runs that begin then last",
        arguments: StoreKind.ofImports
    )
    func moment(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
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
        for piece in pieces { try await add(piece.trades, to: piece.name, isImport: true, in: place) }
        #expect(try await sortedPrices(in: place) == Array(0...10))
    }

    /// The prices of all trades in the order of time.
    private func sortedPrices(in place: StorePlace) async throws -> [Int] {
        try await withStore("file-1", in: place) { store in
            let times = Samples.time(0)...Samples.time(30)
            let sources = try await store.tradeSources(of: InstrumentID(0), in: times)
            let sorted = try await store.sortedTrades(of: InstrumentID(0), in: sources, times: times)
            return try await sorted.trades(after: 0, limit: 100).compactMap { Int($0.price.description) }
        }
    }

    @Test(
        "trades without ids at the last and first times of two imports with ids lie between them",
        arguments: StoreKind.ofImports
    )
    func between(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let plain: [(second: Int64, price: Int)] = [(8, 0), (10, 3), (11, 4), (12, 5), (14, 8)]
        let trades = try plain.enumerated().map { try trade(Int64($0 + 1), at: $1.second, price: $1.price) }
        try await add(trades, to: "file-1", isImport: true, in: place)
        try await add([trade(1, at: 9, price: 1), trade(2, at: 10, price: 2)], to: "trade", isImport: true, in: place)
        try await add([trade(6, at: 12, price: 6), trade(7, at: 13, price: 7)], to: "trade", isImport: true, in: place)
        #expect(try await sortedPrices(in: place) == Array(0...8))
    }

    @Test(
        "trades without ids lie outside those with ids that begin or end with them",
        arguments: StoreKind.ofImports,
        [false, true]
    )
    func outside(kind: StoreKind, isNumberedFirst: Bool) async throws {
        let place = try StorePlace(kind)
        let plain = [try trade(1, at: 10, price: 0), try trade(2, at: 11, price: 2), try trade(3, at: 20, price: 5)]
        let numbered = [try trade(2, at: 10, price: 1), try trade(4, at: 12, price: 3), try trade(5, at: 20, price: 4)]
        if isNumberedFirst { try await add(numbered, to: "trade", isImport: true, in: place) }
        try await add(plain, to: "file-1", isImport: true, in: place)
        if !isNumberedFirst { try await add(numbered, to: "trade", isImport: true, in: place) }
        #expect(try await sortedPrices(in: place) == Array(0...5))
    }

    @Test("ids, times, trades and gaps are read by id", arguments: StoreKind.ofImports)
    func byID(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let ids: [Int64] = [2, 3, 5, 8, 9]
        let store = try place.openForImport()
        _ = try await store.write(
            StoreBatch(
                trades: try ids.map { try Samples.trade($0, at: $0) } + Samples.trades(1...9, of: Samples.eth),
                gapChanges: [.put(Samples.gap(4...4)), .put(Samples.gap(6...7, state: .discarded))]
            )
        )
        for (asked, expected) in [(3...5, 2...8), (4...4, 3...5), (1...2, 1...3), (9...11, 8...11)] {
            let range = Int64(asked.lowerBound)...Int64(asked.upperBound)
            let found = try await store.neighbours(of: range, in: Samples.btc)
            #expect(found == Int64(expected.lowerBound)...Int64(expected.upperBound), "\(asked)")
        }
        let rows = try await store.idsAndTimes(of: Samples.btc, ids: 3...9, limit: 3)
        #expect(rows.map(\.id) == [3, 5, 8] && rows.map(\.time) == [3, 5, 8].map(Samples.time))
        let source = try #require(
            try await store.tradeSources(of: Samples.btc, in: Samples.time(3)...Samples.time(8)).first
        )
        #expect(source.name == "aggTrade" && source.isNumbered && source.importedTimes.isEmpty)
        #expect(try await store.neighbours(of: 4...4, in: source) == 3...5)
        #expect(try await store.idsAndTimes(of: source, ids: 5...99, limit: 9).map(\.id) == [5, 8, 9])
        let trades = try await store.trades(of: Samples.eth, in: source, ids: 0...5, limit: 2)
        #expect(trades.map(\.id) == [2, 3] && trades.allSatisfy { $0.instrument == Samples.eth })
        let gaps = try await store.gaps(of: Samples.btc, in: source, overlapping: 4...6)
        #expect(gaps == [Samples.gap(4...4), Samples.gap(6...7, state: .discarded)])
        try await store.close()
    }
}
