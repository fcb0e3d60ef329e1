import Foundation
import MarketData
import PairEngine
import PrometheusExposition
import TestSupport
import Testing
import TradeFeeds
import TradeStore

@testable import Exporter

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
        var rows = ["ts_ms,symbol,trade_id,price,qty"]
        for (id, second) in (Array(0..<100) + Array(160..<260)).enumerated() {
            let time = Self.start * 1000 + Int64(second) * 1000
            let x = 1000 + (second * 37) % 101
            rows += ["\(time),X,\(id),\(x),1", "\(time),Y,\(id),\(2 * x + (second * second) % 7),1"]
        }
        let path = folder.file("trades.csv")
        try rows.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let settings = ImportSettings(
            try configuration(timeframe: timeframe),
            path: database,
            naming: TradeFileNaming(stream: "aggTrade"),
            timeframe: nil
        )
        _ = try await Importer(settings: settings).run(path)
    }

    private func document(
        timeframe: String = "1s",
        step: Int64 = 15_000_000,
        from: Int64? = nil,
        to: Int64? = nil,
        labels: [(name: String, value: String)] = []
    ) async throws -> [String] {
        var text = Data()
        let settings = HistorySettings(
            try configuration(timeframe: timeframe),
            path: database,
            from: from.map { Timestamp(microseconds: (Self.start + $0) * 1_000_000) },
            through: to.map { Timestamp(microseconds: (Self.start + $0) * 1_000_000) }
        )
        _ = try await Backfill(settings: settings, step: step, labels: labels).run(checksItself: true) { text += $0 }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The seconds since the start at which a sample of a family stands.
    private func times(_ lines: [String], _ family: String) -> [Double] {
        lines.filter { $0.hasPrefix(family + "{") }.compactMap { line in
            line.split(separator: " ").last.flatMap { Double($0) }.map { $0 - Double(Self.start) }
        }
    }

    @Test("a sample stands at the close plus lateness, comes again every step, and ends when the reading is stale")
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
        #expect(
            window.filter { (104.25...160).contains($0) } == [118.25, 133.25, 148.25],
            "the window tells that it is old"
        )
    }

    @Test("only what was asked for is written, and the windows are full from its start")
    func span() async throws {
        try await load()
        let lines = try await document(from: 50, to: 60)
        #expect(times(lines, "pairs_hedge_ratio") == (0..<10).map { Double($0) + 50.25 })
        let whole = try await document()
        let inside = lines.filter { $0.hasPrefix("pairs_adf_pvalue{") }
        #expect(!inside.isEmpty && inside.allSatisfy { whole.contains($0) })
    }

    @Test("bars that are not stored are built from the trades, and give what stored ones give")
    func fromTrades() async throws {
        try await load(bars: "1s")
        let built = try await document(timeframe: "5s")
        try await load(bars: "5s")
        let stored = try await document(timeframe: "5s")
        #expect(built.count > 100)
        #expect(built == stored)
    }

    @Test("each family stands in one place with its further labels, and the document ends as OpenMetrics does")
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

    @Test("a reading that changes with the future is found")
    func lookingAhead() throws {
        let configuration = try configuration()
        let second = try #require(Timeframe("1s"))
        func history(_ slope: Double) -> SampleHistory {
            let series = ReadingSeries.list(configuration.pairs[0], second, window: 20, labels: [])
            let replaced = series.map { one in
                ReadingSeries(one.family, one.labels) { _ in slope }
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

    @Test("a database without the pairs says so")
    func nothing() async throws {
        try await load()
        await #expect(throws: BackfillError.self) { try await document(from: 5000, to: 6000) }
    }

    @Test(
        "an export of readings has a row per bar and window, with the parameters before it",
        arguments: RowFormat.allCases
    )
    func export(format: RowFormat) async throws {
        try await load()
        let settings = HistorySettings(try configuration(), path: database, from: nil, through: nil)
        var data = Data()
        let rows = try await HistoryExport(.readings, as: format, settings: settings, instruments: [], timeframes: [])
            .run { data += $0 }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        #expect(rows == 202, "the carried bars too")
        #expect(lines.filter { $0.contains("hedge_ratio") }.count == (format == .csv ? 1 : 202))
        #expect(lines[0].contains("export"))
        #expect(lines.contains { $0.contains("y=binance-usdm:Y") })
    }

    @Test("what is exported can be imported again, to the letter", arguments: RowFormat.allCases)
    func roundTrip(format: RowFormat) async throws {
        try await load()
        func trades() async throws -> Data {
            let settings = HistorySettings(try configuration(), path: database, from: nil, through: nil)
            var data = Data()
            _ = try await HistoryExport(.trades, as: format, settings: settings, instruments: [], timeframes: [])
                .run { data += $0 }
            return data
        }
        let first = try await trades()
        let path = URL(filePath: folder.file("export.\(format.rawValue)"))
        try first.write(to: path)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + suffix) }
        let settings = ImportSettings(try configuration(), path: database, naming: TradeFileNaming(), timeframe: nil)
        let summary = try await Importer(settings: settings).run(path.path)
        #expect(summary.newTrades == 400 && summary.faultCount == 0)
        #expect(try await trades() == first)
    }
}
