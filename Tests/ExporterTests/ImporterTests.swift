import Foundation
import MarketData
import TestSupport
import Testing
import TradeFeeds
import TradeStore

@testable import Exporter

@Suite struct ImporterTests {
    private let folder: TemporaryFolder
    private let database: String
    private let instrument = Instrument(venue: .binanceUSDM, symbol: "A")

    init() throws {
        folder = try TemporaryFolder()
        database = folder.file("pairs.sqlite")
    }

    private var settings: ImportSettings {
        get throws {
            let configuration = try Configuration(yaml: "timeframes: [1s, 1m]", file: "test.yml")
            return ImportSettings(configuration, path: database, naming: TradeFileNaming(), timeframe: nil)
        }
    }

    private var streams: StreamTable { StreamTable([TradeStream(instrument: instrument, name: "trade")]) }

    /// One trade a second from the start of an hour on, its price one above the id.
    private func csv(_ ids: some Sequence<Int64>, name: String = "trades.csv") throws -> String {
        let rows = ids.map { "\(1_700_000_000_000 + $0 * 1000),A,\($0),\($0 + 1),1" }
        let path = folder.file(name)
        try (["ts_ms,symbol,trade_id,price,qty"] + rows).joined(separator: "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func withStore<Value>(_ body: (SQLiteTradeStore) async throws -> Value) async throws -> Value {
        let store = try SQLiteTradeStore(path: database, synchronous: .normal, streams: streams)
        let value = try await body(store)
        try await store.close()
        return value
    }

    private func states(_ timeframe: String = "1s") async throws -> [Int64: BarState] {
        let timeframe = try #require(Timeframe(timeframe))
        return try await withStore { store in
            let bars = try await store.bars(of: InstrumentID(0), timeframe: timeframe, from: .min)
            return Dictionary(uniqueKeysWithValues: bars.map { ($0.slot - 1_700_000_000, $0.state) })
        }
    }

    private func holes() async throws -> [String] {
        try await withStore { store in
            try await store.holes(of: InstrumentID(0), overlapping: 0...1_000_000).map {
                "\($0.firstID)-\($0.lastID) \($0.state.rawValue)"
            }
        }
    }

    @Test("a second time changes nothing")
    func idempotence() async throws {
        let path = try csv(0..<200)
        let first = try await Importer(settings: settings).run(path)
        #expect(first.newTrades == 200 && first.missing.isEmpty && first.faultCount == 0)
        let before = try await states()
        let second = try await Importer(settings: settings).run(path)
        #expect(second.trades == 200 && second.newTrades == 0)
        #expect(try await states() == before)
        #expect(before.count == 199, "the last bar is still open")
        #expect(try await states("1m").count == 3)
    }

    @Test("missing ids are listed, recorded and make gaps; a file that has them repairs all of it")
    func holesAndRepair() async throws {
        let ids = Array(Int64(0)..<50) + Array(Int64(53)..<100)
        let holed = try await Importer(settings: settings).run(csv(ids))
        #expect(holed.missing.map(\.ids) == [50...52])
        #expect(holed.text.contains("ids 50 to 52 (3)"))
        #expect(try await holes() == ["50-52 unrepairable"])
        let states = try await states()
        #expect((50...52).allSatisfy { states[$0] == .gap } && states[49] == .gap && states[54] == .traded)

        let repaired = try await Importer(settings: settings).run(csv(50..<53, name: "rest.csv"))
        #expect(repaired.newTrades == 3 && repaired.missing.isEmpty)
        #expect(try await holes() == ["50-52 repaired"])
        #expect(try await self.states().values.allSatisfy { $0 == .traded })
        #expect(try await self.states().count == 99)
    }

    @Test("what lies between two imports is a hole, and the bar that both have a part of is whole")
    func joining() async throws {
        _ = try await Importer(settings: settings).run(csv(0..<90))
        _ = try await Importer(settings: settings).run(csv(200..<300, name: "later.csv"))
        #expect(try await holes() == ["90-199 unrepairable"])
        _ = try await Importer(settings: settings).run(csv(90..<200, name: "between.csv"))
        #expect(try await holes() == ["90-199 repaired"])
        #expect(try await states().count == 299)
        #expect(try await states().values.allSatisfy { $0 == .traded })
        #expect(try await states("1m").values.allSatisfy { $0 == .traded })
    }

    @Test("a record that is no trade of the market leaves its id discarded and no gap")
    func discarded() async throws {
        let path = folder.file("trades.csv")
        let rows = (0..<20).map {
            "\(1_700_000_000_000 + $0 * 1000),A,\($0),1,1,\($0 == 7 ? "INSURANCE_FUND" : "MARKET")"
        }
        try (["ts_ms,symbol,trade_id,price,qty,order_type"] + rows).joined(separator: "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        let summary = try await Importer(settings: settings).run(path)
        #expect(summary.newTrades == 19 && summary.missing.isEmpty)
        #expect(try await holes() == ["7-7 discarded"])
        #expect(try await states()[7] == .carried)
    }

    @Test("trades without ids go in once")
    func unnumbered() async throws {
        let path = folder.file("trades.csv")
        try "ts_ms,symbol,price,qty\n1000,A,1,1\n2000,A,1,1\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await Importer(settings: settings).run(path).newTrades == 2)
        let second = try await Importer(settings: settings).run(path)
        #expect(second.wasImported && second.newTrades == 0)
        #expect(try await Importer(settings: settings).forget([path]) == 1)
        #expect(try await !Importer(settings: settings).run(path).wasImported)
    }

    @Test("retention spares what was imported until it is forgotten")
    func retention() async throws {
        _ = try await withStore { store in
            let trades = try (Int64(500)..<600).map { id in
                Trade(
                    instrument: InstrumentID(0),
                    id: id,
                    time: Timestamp(microseconds: (1_700_000_000 + id) * 1_000_000),
                    price: try FixedDecimal("1"),
                    quantity: try FixedDecimal("1"),
                    takerSide: .buy
                )
            }
            return try await store.write(StoreBatch(trades: trades))
        }
        _ = try await Importer(settings: settings).run(csv(0..<100))
        let second = try #require(Timeframe("1s"))
        let far = Timestamp(microseconds: 1_900_000_000_000_000)
        let spared = try await withStore { try await $0.prune(tradesBefore: far, bars: [(second, before: far)]) }
        #expect(spared.trades == 99, "all but the greatest id of what was not imported")
        #expect(try await states().keys.sorted() == Array(0..<100))
        #expect(try await Importer(settings: settings).forget(nil) == 1)
        let forgotten = try await withStore { try await $0.prune(tradesBefore: far, bars: [(second, before: far)]) }
        #expect(forgotten.trades == 100 && forgotten.bars == 100)
    }

    @Test("bars from a file join those built from trades and do not replace them")
    func bars() async throws {
        _ = try await Importer(settings: settings).run(csv(0..<130))
        let path = folder.file("bars.csv")
        let rows = (-2..<4).map { "\(1_700_000_000 / 60 * 60 + $0 * 60),A,1m,5,5,5,5" }
        try (["open_time,symbol,timeframe,open,high,low,close"] + rows).joined(separator: "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        let summary = try await Importer(settings: settings).run(path)
        let minute = try #require(Timeframe("1m"))
        let origins = try await withStore { store in
            try await store.bars(of: InstrumentID(0), timeframe: minute, from: .min).map(\.origin)
        }
        #expect(origins == [.klines, .klines, .trades, .trades, .klines, .klines])
        #expect(summary.bars == 4)
    }
}
