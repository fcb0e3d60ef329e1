import Foundation
import MarketData
import TestSupport
import Testing
import TradeFeeds
import TradeFiles
import TradeStore

@testable import PairsApp
@testable import PairsTools

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
            return ImportSettings(
                configuration,
                path: database,
                naming: TradeFileNaming(venue: .binanceUSDM),
                timeframe: nil
            )
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

    private func withStore<Value>(_ body: (any TradeStore) async throws -> Value) async throws -> Value {
        let store = try await StoreLocation(path: database).open(streams: streams)
        let value = try await body(store)
        try await store.close()
        return value
    }

    private func states(_ timeframe: String = "1s") async throws -> [Int64: BarState] {
        let timeframe = try #require(Timeframe(timeframe))
        return try await withStore { store in
            let bars = try await store.bars(of: InstrumentID(0), timeframe: timeframe, slots: .min...Int64.max)
            return Dictionary(uniqueKeysWithValues: bars.map { ($0.slot - 1_700_000_000, $0.state) })
        }
    }

    private func gaps() async throws -> [String] {
        try await withStore { store in
            try await store.gaps(of: InstrumentID(0), overlapping: 0...1_000_000).map {
                "\($0.firstID)-\($0.lastID) \($0.state.rawValue)"
            }
        }
    }

    @Test("a repeated import changes nothing")
    func idempotence() async throws {
        let path = try csv(0..<200)
        let first = try await Importer(settings: settings).run(path)
        #expect(first.newTrades == 200 && first.missing.isEmpty && first.refused.count == 0)
        let before = try await states()
        let second = try await Importer(settings: settings).run(path)
        #expect(second.trades == 200 && second.newTrades == 0)
        #expect(try await states() == before)
        #expect(before.count == 199, "the last bar is still open")
        #expect(try await states("1m").count == 3)
    }

    @Test("missing ids are listed, recorded and make gaps; a file that has them repairs all of these")
    func gapsAndRepair() async throws {
        let ids = Array(Int64(0)..<50) + Array(Int64(53)..<100)
        let holed = try await Importer(settings: settings).run(csv(ids))
        #expect(holed.missing.map(\.ids) == [50...52])
        #expect(holed.text.contains("ids 50 to 52 (3)"))
        #expect(try await gaps() == ["50-52 unrepairable"])
        let states = try await states()
        #expect((50...52).allSatisfy { states[$0] == .gap } && states[49] == .gap && states[54] == .traded)

        let repaired = try await Importer(settings: settings).run(csv(50..<53, name: "rest.csv"))
        #expect(repaired.newTrades == 3 && repaired.missing.isEmpty)
        #expect(try await gaps() == ["50-52 repaired"])
        #expect(try await self.states().values.allSatisfy { $0 == .traded })
        #expect(try await self.states().count == 99)
    }

    @Test("the time between two imports is a gap, and a bar with trades of both is complete")
    func joining() async throws {
        _ = try await Importer(settings: settings).run(csv(0..<90))
        _ = try await Importer(settings: settings).run(csv(200..<300, name: "later.csv"))
        #expect(try await gaps() == ["90-199 unrepairable"])
        _ = try await Importer(settings: settings).run(csv(90..<200, name: "between.csv"))
        #expect(try await gaps() == ["90-199 repaired"])
        #expect(try await states().count == 299)
        #expect(try await states().values.allSatisfy { $0 == .traded })
        #expect(try await states("1m").values.allSatisfy { $0 == .traded })
    }

    @Test("the id of a record that is not a market trade is discarded and not a gap")
    func discarded() async throws {
        let path = folder.file("trades.csv")
        let rows = (0..<20).map {
            "\(1_700_000_000_000 + $0 * 1000),A,\($0),1,1,\($0 == 7 ? "INSURANCE_FUND" : "MARKET")"
        }
        try (["ts_ms,symbol,trade_id,price,qty,order_type"] + rows).joined(separator: "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        let summary = try await Importer(settings: settings).run(path)
        #expect(summary.newTrades == 19 && summary.missing.isEmpty)
        let text = summary.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("20 rows read, 19 new, 0 on disk already, 1 no market trades,"))
        #expect(try await gaps() == ["7-7 discarded"])
        #expect(try await states()[7] == .carried)
    }

    @Test("trades without ids are imported once")
    func unnumbered() async throws {
        let path = folder.file("trades.csv")
        try "ts_ms,symbol,price,qty\n1700000001000,A,1,1\n1700000002000,A,1,1\n".write(
            toFile: path,
            atomically: true,
            encoding: .utf8
        )
        #expect(try await Importer(settings: settings).run(path).newTrades == 2)
        let second = try await Importer(settings: settings).run(path)
        #expect(second.wasImported && second.newTrades == 0)
        #expect(try await Importer(settings: settings).forget([path]) == 1)
        #expect(try await !Importer(settings: settings).run(path).wasImported)
    }

    @Test("retention keeps imported trades until `--forget` permits their removal")
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
            try await store.bars(of: InstrumentID(0), timeframe: minute, slots: .min...Int64.max).map(\.origin)
        }
        #expect(origins == [.klines, .klines, .trades, .trades, .klines, .klines])
        #expect(summary.bars == 4)
    }

    @Test("rows that cannot be used are counted by reason, and their ids are not on disk")
    func refusedRows() async throws {
        let path = folder.file("trades.csv")
        var rows = (Int64(0)..<60).map { "\(1_700_000_000_000 + $0 * 1000),A,\($0),\($0 + 1),1" }
        rows[10] = "1700000010000,A,10,-5,1"
        rows[11] = "1700000011000,A,11,0,1"
        rows[30] = "1700000030000,A,30,1,-1"
        rows[59] = "1700000059000,A,59,0,1"
        try (["ts_ms,symbol,trade_id,price,qty"] + rows).joined(separator: "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        let summary = try await Importer(settings: settings).run(path)
        #expect(summary.refused.counts == ["price": 3, "quantity": 1])
        #expect(summary.refused.first.map(\.line) == [12, 13, 32, 61])
        #expect(summary.rows == 60 && summary.newTrades == 56)
        #expect(summary.missing.map(\.ids) == [10...11, 30...30])
        #expect(try await gaps() == ["10-11 unrepairable", "30-30 unrepairable"])
        #expect(summary.text.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix(folder.path) })
        let words = summary.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("60 rows read, 56 new, 0 on disk already"))
        #expect(words.contains("4 refused (3 price, 1 quantity)"))
        #expect(words.contains("2023-11-14T22:13:20Z to 2023-11-14T22:14:18Z"))
    }

    @Test("a gap is repaired only by ids on disk, also where an earlier version recorded otherwise")
    func noFalseRepair() async throws {
        _ = try await withStore { store in
            let gaps: [(Int64, Int64, IDGapState)] = [(5, 5, .repaired), (8, 9, .unrepairable), (70, 72, .open)]
            let changes = gaps.map { first, last, state in
                IDGapChange.put(IDGap(instrument: InstrumentID(0), firstID: first, lastID: last, state: state))
            }
            return try await store.write(StoreBatch(gapChanges: changes))
        }
        let ids = (Int64(0)..<60).filter { ![5, 9].contains($0) }
        _ = try await Importer(settings: settings).run(csv(ids))
        #expect(try await gaps() == ["5-5 unrepairable", "8-8 repaired", "9-9 unrepairable", "70-72 open"])
    }

    @Test("a second numbered stream of the same time is refused before anything is written")
    func secondStream() async throws {
        var settings = try settings
        _ = try await Importer(settings: settings).run(csv(0..<50))
        settings.naming.stream = "aggTrade"
        let error = await #expect(throws: ImportError.self) {
            try await Importer(settings: settings).run(csv(40..<60, name: "other.csv"))
        }
        let text = try #require(error?.description)
        #expect(text.contains("binance-usdm:A@aggTrade") && text.contains("@trade") && text.contains("--stream trade"))
        #expect(try await states().count == 49)
        let later = try await Importer(settings: settings).run(csv(100..<120, name: "later.csv"))
        #expect(later.newTrades == 20)
    }

    @Test("a file that cannot be used does not prevent the import of the others")
    func unusableFile() async throws {
        let broken = folder.file("broken.csv")
        try "a,b\n1,2\n".write(toFile: broken, atomically: true, encoding: .utf8)
        let outcomes = try await Importer(settings: settings).run([broken, csv(0..<10)])
        #expect(throws: ReplayError.self) { try outcomes[0].result.get() }
        #expect(try outcomes[1].result.get().newTrades == 10)
    }

    @Test("the same trades without ids twice in one import are imported once")
    func sameContentTwice() async throws {
        let text = "ts_ms,symbol,price,qty\n1700000001000,A,1,1\n1700000002000,A,1,1\n"
        let paths = [folder.file("a.csv"), folder.file("b.csv")]
        for path in paths { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        let summaries = try await Importer(settings: settings).run(paths).map { try $0.result.get() }
        #expect(summaries.map(\.newTrades) == [2, 0] && summaries.map(\.wasImported) == [false, true])
        #expect(summaries[1].text == "\(paths[1]): imported before, nothing to do\n")
    }

    @Test("a stream name for trades without ids is refused")
    func streamWithoutIDs() async throws {
        var settings = try settings
        settings.naming.stream = "trade"
        let path = folder.file("trades.csv")
        try "ts_ms,symbol,price,qty\n1700000001000,A,1,1\n".write(toFile: path, atomically: true, encoding: .utf8)
        await #expect(throws: (any Error).self) { try await Importer(settings: settings).run(path) }
    }

    @Test("bars whose trades were removed by retention stay, and their close is carried")
    func prunedTrades() async throws {
        let second = try #require(Timeframe("1s"))
        _ = try await withStore { store in
            let bars = (Int64(1_700_000_100)..<1_700_000_110).map { slot in
                Bar(
                    instrument: InstrumentID(0),
                    timeframe: second,
                    slot: slot,
                    state: slot == 1_700_000_104 ? .carried : .traded,
                    prices: BarPrices(
                        open: 7,
                        high: 7,
                        low: 7,
                        close: 7,
                        volume: 3,
                        trades: slot == 1_700_000_104 ? 0 : 3
                    )
                )
            }
            return try await store.write(StoreBatch(bars: bars))
        }
        // One trade a second: before the bars, in the first of them, and behind them.
        _ = try await Importer(settings: settings).run(csv(Array(90..<95) + [100]))
        _ = try await Importer(settings: settings).run(csv(115..<120, name: "later.csv"))
        let bars = try await withStore {
            try await $0.bars(of: InstrumentID(0), timeframe: second, slots: .min...Int64.max)
        }
        let closes = Dictionary(uniqueKeysWithValues: bars.map { ($0.slot - 1_700_000_000, $0.prices?.close) })
        #expect((100..<110).allSatisfy { closes[$0] == 7 }, "they had more trades than are on disk")
        #expect(closes[94] == 95 || closes[94] == .some(nil))
        #expect((116..<119).allSatisfy { closes[$0] == Double($0 + 1) })
    }

    @Test("imported trades that contradict the order of their ids give the bars of their times")
    func contradiction() async throws {
        let path = folder.file("trades.csv")
        // Ids descend while time ascends.
        let rows = (Int64(0)..<300).map { "\(1_700_000_000_000 + $0 * 1000),A,\(299 - $0),\($0 + 1),1" }
        try (["ts_ms,symbol,trade_id,price,qty"] + rows).joined(separator: "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await Importer(settings: settings).run(path).newTrades == 300)
        let second = try #require(Timeframe("1s"))
        let bars = try await withStore {
            try await $0.bars(of: InstrumentID(0), timeframe: second, slots: .min...Int64.max)
        }
        #expect(bars.map { $0.prices?.close } == (1..<300).map { Double($0) })
        #expect(try await gaps().isEmpty)
    }
}
