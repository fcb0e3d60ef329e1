import Foundation
import MarketData
import TestSupport
import Testing
import TradeFeeds
import TradeFiles

@testable import PairsApp
@testable import PairsTools

@Suite struct HistoryExportTests {
    private let folder: TemporaryFolder
    private let database: String
    /// The hour in which the trades begin.
    private static let start: Int64 = 1_700_000_000 / 3600 * 3600

    init() throws {
        folder = try TemporaryFolder()
        database = folder.file("pairs.sqlite")
    }

    private func configuration(
        pairs: String = #"[{y: "binance-usdm:Y", x: "binance-usdm:X", name: p}]"#
    ) throws -> Configuration {
        try Configuration(
            yaml: """
                timeframes: [1s]
                windows: [20]
                tests: {every_bars: 5, min_observations: 20}
                bars: {carry_limit: 3}
                pairs: \(pairs)
                """,
            file: "test.yml"
        )
    }

    /// Two legs that trade once a second, with a pause of a minute after the first hundred; the last half minute is of
    /// Y alone.
    private func load() async throws {
        var rows = ["ts_ms,symbol,trade_id,price,qty"]
        for (id, second) in (Array(0..<100) + Array(160..<290)).enumerated() {
            let time = Self.start * 1000 + Int64(second) * 1000
            let x = 1000 + (second * 37) % 101
            if second < 260 { rows.append("\(time),X,\(id),\(x),1.500000000000000000000") }
            rows.append("\(time),Y,\(id),\(2 * x + (second * second) % 7),1")
        }
        try await load(rows.joined(separator: "\n"), named: "trades.csv")
    }

    @discardableResult
    private func load(_ text: String, named name: String, timeframe: String? = nil) async throws -> ImportSummary {
        let path = folder.file(name)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let settings = ImportSettings(
            try configuration(),
            path: database,
            naming: TradeFileNaming(venue: .binanceUSDM, stream: timeframe == nil ? "aggTrade" : nil),
            timeframe: timeframe.flatMap { Timeframe($0) }
        )
        return try await Importer(settings: settings).run(path)
    }

    private struct Table {
        var text: String
        var outcome: HistoryExport.Outcome
        var lines: [String] { text.split(separator: "\n").map(String.init) }
    }

    private func export(
        _ kind: HistoryExport.Kind,
        as format: RowFormat = .csv,
        pairs: String? = nil,
        from: Double? = nil,
        to: Double? = nil,
        instruments: [String] = [],
        timeframes: [String] = [],
        with additions: Set<ReadingAddition> = [],
        parameters: Bool? = nil
    ) async throws -> Table {
        let settings = HistorySettings(
            try pairs.map { try configuration(pairs: $0) } ?? configuration(),
            path: database,
            from: from.map { Timestamp(microseconds: Self.start * 1_000_000 + Int64($0 * 1e6)) },
            through: to.map { Timestamp(microseconds: Self.start * 1_000_000 + Int64($0 * 1e6)) }
        )
        var data = Data()
        let outcome = try await HistoryExport(
            kind,
            as: format,
            settings: settings,
            instruments: instruments.compactMap(Instrument.init),
            timeframes: timeframes.compactMap(Timeframe.init),
            additions: additions,
            hasParameters: parameters
        ).run { data += $0 }
        return Table(text: String(decoding: data, as: UTF8.self), outcome: outcome)
    }

    @Test("readings have a row per bar and window; parameters precede them on request")
    func parameters() async throws {
        try await load()
        let csv = try await export(.readings).lines
        #expect(csv[0] == "# export: readings")
        #expect(csv.contains { $0.hasPrefix("# pair p: y=binance-usdm:Y") })
        let bare = try await export(.readings, parameters: false)
        #expect(bare.lines == csv.filter { !$0.hasPrefix("#") })
        #expect(bare.lines[0].hasPrefix("close_time_us,pair,timeframe,window,hedge_ratio,"))
        #expect(bare.lines.count == 1 + bare.outcome.rows)
        #expect(bare.outcome.rows == 232, "the carried bars too")

        let json = try await export(.readings, as: .ndjson)
        #expect(json.lines.allSatisfy { $0.hasPrefix("{\"close_time_us\":") })
        let headed = try await export(.readings, as: .ndjson, parameters: true).lines
        #expect(headed[0].hasPrefix(#"{"parameters":{"export":"readings","#))
        #expect(Array(headed.dropFirst()) == json.lines)
    }

    @Test("an export without rows is empty in JSON, and only the header in CSV")
    func empty() async throws {
        try await load()
        #expect(try await export(.trades, as: .ndjson, from: 5000).text.isEmpty)
        #expect(try await export(.trades, from: 5000, parameters: false).lines.count == 1)
    }

    @Test("the time selects trades by their time, bars by their opening, readings by their close")
    func times() async throws {
        try await load()
        func seconds(_ kind: HistoryExport.Kind, column: Int, from: Double, to: Double) async throws -> [Int64] {
            let table = try await export(kind, from: from, to: to, parameters: false)
            let times = table.lines.dropFirst().compactMap { Int64($0.split(separator: ",")[column]) }
            return Set(times).sorted().map { $0 / 1_000_000 - Self.start }
        }
        #expect(try await seconds(.trades, column: 4, from: 30, to: 32.5) == [30, 31, 32])
        #expect(try await seconds(.bars, column: 3, from: 30, to: 32.5) == [30, 31, 32])
        #expect(try await seconds(.bars, column: 3, from: 30.5, to: 33) == [31, 32, 33])
        #expect(try await seconds(.bars, column: 3, from: 30.2, to: 30.9).isEmpty)
        #expect(try await seconds(.readings, column: 0, from: 30, to: 32.5) == [30, 31, 32])
    }

    @Test("readings carry closes, signals and the reason of each empty cell")
    func additions() async throws {
        try await load()
        let table = try await export(.readings, with: [.prices, .signals, .reasons], parameters: false)
        let names = table.lines[0].split(separator: ",").map(String.init)
        #expect(names[4...6] == ["y_close", "x_close", "hedge_ratio"])
        #expect(names.filter { $0.hasPrefix("signal_") }.count == 4)
        #expect(names.last == "reasons")
        for name in ["cointegration_evidence", "cointegration_proven", "data_quality_ratio", "confidence_ratio"] {
            #expect(names.contains(name))
        }
        var counts: [String: Int] = [:]
        for line in table.lines.dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            #expect(cells.count == names.count)
            let reasons = (cells.last ?? "").split(separator: " ").map { $0.split(separator: ":").map(String.init) }
            let empty = zip(names, cells).filter { $0.0 != "reasons" && $0.1.isEmpty }.map(\.0)
            #expect(reasons.map { $0[0] } == empty)
            for reason in reasons { counts[reason[1], default: 0] += 1 }
            for (name, cell) in zip(names, cells) where name.hasPrefix("signal_") {
                #expect(["", "0", "1"].contains(cell))
            }
        }
        #expect(Set(counts.keys).isSuperset(of: ["warming_up", "too_few", "stale"]), "\(counts)")

        let first = table.lines[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        #expect(first[4...5] == ["2000.0", "1000.0"])
        let json = try await export(.readings, as: .ndjson, with: [.reasons]).lines
        #expect(json[0].contains(#""hedge_ratio":null"#))
        #expect(json[0].contains(#""reasons":{"hedge_ratio":"warming_up","#))
    }

    @Test("a stale reading has only the values of its window, as it was shown")
    func stale() async throws {
        try await load()
        let table = try await export(.readings, from: 270, with: [.prices, .reasons], parameters: false)
        let names = table.lines[0].split(separator: ",").map(String.init)
        let row = Dictionary(
            uniqueKeysWithValues: zip(
                names,
                table.lines[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            )
        )
        #expect(row["hedge_ratio"] == "" && row["x_close"] == "" && row["y_close"] != "")
        #expect(row["window_fill_ratio"] != "")
        #expect(row["reasons"]?.contains("x_close:stale hedge_ratio:stale ") == true, "\(row["reasons"] ?? "")")
    }

    @Test(
        "a name that selects nothing is an error that lists the existing names, the nearest first",
        arguments: [
            (
                HistoryExport.Kind.trades, ["binance-usd:Y"], [],
                "FILE: no trades of binance-usd:Y; the database has trades of binance-usdm:Y, binance-usdm:X"
            ),
            (
                .bars, ["binance-usdm:x", "binance-usdm:Q"], ["1s"],
                "FILE: no bars of binance-usdm:x; the database has bars of binance-usdm:X, binance-usdm:Y"
            ),
            (.bars, [], ["1s", "7m"], "FILE: no 7m bars; stored: 1s"),
            (.bars, ["binance-usdm:X"], ["7m"], "FILE: no 7m bars of binance-usdm:X; stored: 1s"),
            (.bars, ["binance-usdm:X"], ["7m", "1s"], "FILE: no 7m bars of binance-usdm:X; stored: 1s"),
            (.readings, [], ["7m"], "no configured pair has readings at 7m; configured: 1s"),
        ]
    )
    func unknown(kind: HistoryExport.Kind, instruments: [String], timeframes: [String], message: String) async throws {
        try await load()
        let error = await #expect(throws: ExportError.self) {
            try await export(kind, instruments: instruments, timeframes: timeframes)
        }
        #expect(error?.description == message.replacing("FILE", with: database))
    }

    @Test("an instrument with bars of other lengths only is an error that lists these")
    func otherLengths() async throws {
        try await load()
        try await load(
            """
            open_time,symbol,open,high,low,close,volume
            1699999200,Z,1,2,1,2,5
            1700002800,Z,1,2,1,2,5
            """,
            named: "bars.csv",
            timeframe: "1h"
        )
        let all = try await export(.bars, timeframes: ["1h"])
        #expect(all.outcome.rows == 2)
        let error = await #expect(throws: ExportError.self) {
            try await export(.bars, instruments: ["binance-usdm:X"], timeframes: ["1h"])
        }
        #expect(error?.description == "\(database): no 1h bars of binance-usdm:X; stored: 1s")
        await #expect(throws: ExportError.self) {
            try await export(.bars, instruments: ["binance-usdm:X", "binance-usdm:Z"], timeframes: ["1h"])
        }
        let none = await #expect(throws: ExportError.self) { try await export(.bars, timeframes: ["7m"]) }
        #expect(none?.description == "\(database): no 7m bars; stored: 1s, 1h")
    }

    @Test("pairs that the database does not have are listed; if it has none of them, that is an error")
    func unknownPairs() async throws {
        try await load()
        let known = #"{y: "binance-usdm:Y", x: "binance-usdm:X"}"#
        let unknown = #"{y: "binance-usdm:Y", x: "binance-usdm:Z"}"#
        let some = try await export(.readings, pairs: "[\(known), \(unknown)]")
        #expect(
            some.outcome.absences.map(\.description) == [
                "Y-Z at 1s: no readings; no 1s bars and no trades of binance-usdm:Z"
            ]
        )
        #expect(!some.text.contains(",Y-Z,"))
        await #expect(throws: BackfillError.self) { try await export(.readings, pairs: "[\(unknown)]") }
        await #expect(throws: BackfillError.self) { try await export(.readings, from: 5000) }
    }

    @Test("an exported file can be imported again, without a change of its text", arguments: RowFormat.allCases)
    func roundTrip(format: RowFormat) async throws {
        try await load()
        let first = try await export(.trades, as: format)
        #expect(first.text.contains("1.500000000000000000000"))
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + suffix) }
        let path = folder.file("export.\(format.rawValue)")
        try first.text.write(toFile: path, atomically: true, encoding: .utf8)
        let settings = ImportSettings(try configuration(), path: database, naming: TradeFileNaming(), timeframe: nil)
        let summary = try await Importer(settings: settings).run(path)
        #expect(summary.newTrades == 430 && summary.refused.count == 0)
        #expect(try await export(.trades, as: format).text == first.text)
    }
}
