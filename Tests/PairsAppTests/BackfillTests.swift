import Foundation
import MarketData
import PairEngine
import PrometheusExposition
import TestSupport
import Testing
import TradeFeeds
import TradeFiles
import TradeStore

@testable import PairsApp
@testable import PairsTools

@Suite struct BackfillTests {
    private let folder: TemporaryFolder
    private let database: String
    /// The hour in which the trades begin.
    private static let start: Int64 = 1_700_000_000 / 3600 * 3600

    init() throws {
        folder = try TemporaryFolder()
        database = folder.file("pairs.sqlite")
    }

    private func configuration(timeframe: String = "1s") throws -> Configuration {
        try Configuration(
            yaml: """
                timeframes: [\(timeframe)]
                windows: [20]
                tests: {every_bars: 5, min_observations: 20}
                bars: {carry_limit: 3}
                pairs: [{y: "binance-usdm:Y", x: "binance-usdm:X", name: p}]
                """,
            file: "test.yml"
        )
    }

    /// Two legs that trade once a second, with a pause of a minute after the first hundred.
    private func load(bars timeframe: String = "1s") async throws {
        try await load(["ts_ms,symbol,trade_id,price,qty"] + rows(), to: database, bars: timeframe)
    }

    private func rows() -> [String] {
        var rows: [String] = []
        for (id, second) in (Array(0..<100) + Array(160..<260)).enumerated() {
            let time = Self.start * 1000 + Int64(second) * 1000
            let x = 1000 + (second * 37) % 101
            rows += ["\(time),X,\(id),\(x),1", "\(time),Y,\(id),\(2 * x + (second * second) % 7),1"]
        }
        return rows
    }

    private func load(
        _ rows: [String],
        to database: String,
        stream: String? = "aggTrade",
        bars timeframe: String = "1s"
    ) async throws {
        let path = folder.file("trades.csv")
        try rows.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let settings = ImportSettings(
            try configuration(timeframe: timeframe),
            path: database,
            naming: TradeFileNaming(venue: .binanceUSDM, stream: stream),
            timeframe: nil
        )
        _ = try await Importer(settings: settings).run(path)
    }

    private func document(
        timeframe: String = "1s",
        step: Int64 = 15_000_000,
        from: Int64? = nil,
        to: Int64? = nil,
        labels: [(name: String, value: String)] = [],
        of database: String? = nil
    ) async throws -> [String] {
        var text = Data()
        let settings = HistorySettings(
            try configuration(timeframe: timeframe),
            path: database ?? self.database,
            from: from.map { Timestamp(microseconds: (Self.start + $0) * 1_000_000) },
            through: to.map { Timestamp(microseconds: (Self.start + $0) * 1_000_000) }
        )
        _ = try await Backfill(settings: settings, step: step, labels: labels).run(checksItself: true) { text += $0 }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The seconds since the start at which a family has samples.
    private func times(_ lines: [String], _ family: String) -> [Double] {
        lines.filter { $0.hasPrefix(family + "{") }.compactMap { line in
            line.split(separator: " ").last.flatMap { Double($0) }.map { $0 - Double(Self.start) }
        }
    }

    @Test("a sample begins at the close plus lateness, is repeated every step, and ends when the reading is stale")
    func times() async throws {
        try await load()
        let every = try await times(document(step: 250_000), "pairs_hedge_ratio")
        #expect(every.first == 18.25, "18 of 20 bars are enough")
        #expect(every.filter { $0 < 20.25 } == [18.25, 18.5, 18.75, 19, 19.25, 19.5, 19.75, 20])
        #expect(every.filter { $0 < 160 }.last == 104, "three bars are carried, and one more may be missing")
        let slow = try await times(document(), "pairs_hedge_ratio")
        #expect(slow.prefix(3) == [18.25, 19.25, 20.25], "a step longer than the bars leaves none out")
        #expect(slow.contains(259.25))
        let window = try await times(document(), "pairs_window_fill_ratio")
        #expect(window.filter { (104.25...160).contains($0) } == [], "what the program would have shown is not known")
    }

    @Test("only the requested time is written, and the windows are full from its start")
    func span() async throws {
        try await load()
        let lines = try await document(from: 50, to: 60)
        #expect(times(lines, "pairs_hedge_ratio") == (0..<10).map { Double($0) + 50.25 })
        let whole = try await document()
        let inside = lines.filter { $0.hasPrefix("pairs_adf_pvalue{") }
        #expect(!inside.isEmpty && inside.allSatisfy { whole.contains($0) })
    }

    @Test("bars that are not stored are built from the trades, and give the same samples as stored ones")
    func fromTrades() async throws {
        try await load(bars: "1s")
        let built = try await document(timeframe: "5s")
        try await load(bars: "5s")
        let stored = try await document(timeframe: "5s")
        #expect(built.count > 100)
        #expect(built == stored)
    }

    @Test("bars of trades without ids are built in the order of time, for any files in any order")
    func fromFiles() async throws {
        try await load()
        let expected = try await document(timeframe: "5s")
        let numbered = rows().map { $0.split(separator: ",") }
        var rows = numbered.map { "\($0[0]),\($0[1]),\($0[3]),\($0[4])" }
        var generator = SeededRandom(seed: 3)
        rows.shuffle(using: &generator)
        let parts = folder.file("parts.sqlite")
        for part in [rows[150...], rows[..<250]] {
            try await load(["ts_ms,symbol,price,qty"] + part, to: parts, stream: nil)
        }
        #expect(try await document(timeframe: "5s", of: parts) == expected)
    }

    @Test("each family has its samples in one place with the further labels, and the document ends with `# EOF`")
    func layout() async throws {
        try await load()
        let lines = try await document(labels: [("job", "pairs"), ("instance", "here:1")])
        #expect(lines.last == "# EOF")
        let families = lines.filter { $0.hasPrefix("# TYPE ") }
        #expect(Set(families).count == families.count)
        let samples = lines.filter { !$0.hasPrefix("#") }
        #expect(samples.allSatisfy { $0.contains(#"job="pairs",instance="here:1"} "#) })
        #expect(!samples.contains { $0.contains("NaN") })
        for family in [
            "pairs_pair_info", "pairs_threshold", "pairs_signal", "pairs_interpretation_info", "pairs_undefined",
        ] {
            #expect(samples.contains { $0.hasPrefix(family + "{") }, "\(family)")
        }
        #expect(samples.contains { $0.hasPrefix("pairs_signal_entries_total{") })
    }

    @Test("a reading that depends on later data is detected")
    func lookingAhead() throws {
        let configuration = try configuration()
        let second = try #require(Timeframe("1s"))
        func history(_ slope: Double) -> SampleHistory {
            let series = ReadingSeries.list(configuration.pairs[0], second, window: 20, labels: [])
            let replaced = series.map { one in
                ReadingSeries(family: one.family, labels: one.labels, outlivesStaleness: false) { _ in slope }
            }
            var history = SampleHistory(
                series: replaced,
                wording: nil,
                thresholds: SignalThresholds(),
                timeframe: second,
                bars: configuration.bars
            )
            let engine = PairEngine(
                definitions: configuration.definitions(
                    streams: StreamTable(
                        [configuration.pairs[0].y, configuration.pairs[0].x].map {
                            TradeStream(instrument: $0, name: "")
                        }
                    )
                ),
                settings: configuration.engineSettings
            )
            history.append(engine.readings[0], closeTime: Timestamp(microseconds: 0))
            return history
        }
        #expect(history(1).agrees(with: history(1)))
        #expect(!history(1).agrees(with: history(1.nextUp)))
    }

    @Test("nothing is written after the last reading is stale, however late the end")
    func farEnd() async throws {
        try await load()
        for family in ["pairs_pair_info", "pairs_window_fill_ratio"] {
            let last = try await times(document(from: 200, to: 1_000_000_000), family).max()
            #expect((255...264.25).contains(try #require(last)))
        }
    }

    @Test("a start before any full window is an error", arguments: [261, 270] as [Int64])
    func afterTheEnd(from: Int64) async throws {
        try await load()
        await #expect(throws: BackfillError.self) { try await document(from: from) }
    }

    @Test("a time without bars is an error")
    func nothing() async throws {
        try await load()
        let error = await #expect(throws: BackfillError.self) { try await document(from: 5000, to: 6000) }
        guard case .nothing = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("pairs that the database does not have are listed; if it has none of them, that is an error")
    func unknownPairs() async throws {
        try await load()
        func outcome(_ pairs: String) async throws -> Backfill.Outcome {
            let configuration = try Configuration(
                yaml: "timeframes: [1s, 5s]\nwindows: [20]\ntests: {min_observations: 20}\npairs: \(pairs)",
                file: "test.yml"
            )
            let settings = HistorySettings(configuration, path: database, from: nil, through: nil)
            return try await Backfill(settings: settings, step: 15_000_000, labels: []).run { _ in }
        }
        let some = try await outcome(
            """
            [{y: "binance-usdm:Y", x: "binance-usdm:X"}, {y: "binance-usdm:Y", x: "binance-usdm:Z"}]
            """
        )
        #expect(some.samples > 0)
        #expect(
            some.absences.map(\.description) == [
                "Y-Z at 1s: no readings; no 1s bars and no trades of binance-usdm:Z",
                "Y-Z at 5s: no readings; no 5s bars and no trades of binance-usdm:Z",
            ]
        )
        let error = await #expect(throws: BackfillError.self) {
            try await outcome(#"[{y: "binance-usdm:Y2", x: "binance-usdm:Z"}]"#)
        }
        #expect(
            error?.description
                == "\(database): no bars of the pairs' lengths and no trades of binance-usdm:Y2, binance-usdm:Z; "
                + "the database has binance-usdm:Y, binance-usdm:X"
        )
    }
}
