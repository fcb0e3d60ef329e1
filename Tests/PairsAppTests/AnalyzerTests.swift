import Foundation
import MarketData
import PairEngine
import PairStatistics
import SimulatedPairs
import Testing
import TradeStore

@testable import PairsApp
@testable import PairsTools

@Suite struct AnalyzerTests {
    /// y = 2·x + 1 + a sawtooth, in levels.
    private static let rows = (0..<120).map { row -> (x: Double, y: Double) in
        let x = 100 + Double((row * 37) % 41) + Double(row) * 0.1
        return (x, 2 * x + 1 + Double(row % 5 - 2))
    }

    private static let slots = rows.map { WindowReplay.Slot?((x: $0.x, y: $0.y, isCarried: false)) }

    private func withCSV<Value>(_ rows: [(x: Double, y: Double)], _ body: (String) throws -> Value) throws -> Value {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let text = "y,x\n" + rows.map { "\($0.y),\($0.x)\n" }.joined()
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try body(file)
    }

    private func object(_ report: AnalysisReport) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
    }

    @Test("The report on a pair from CSV has every key of the contract")
    func keys() throws {
        let report = try withCSV(Self.rows) {
            try Analyzer(settings: AnalysisSettings(price: .level)).pair(csv: $0, y: "y", x: "x")
        }
        let json = try object(report)
        let expected: Set = [
            "observations", "hedge_ratio", "intercept", "hedge_ratio_stderr", "r_squared", "spread", "spread_stddev",
            "zscore", "forecast_zscore", "return_correlation", "level_correlation", "half_life_bars", "adf",
            "engle_granger", "variance_ratio", "reason", "warnings", "head", "verdict",
        ]
        #expect(expected.isSubset(of: json.keys))
        let slope = try #require(json["hedge_ratio"] as? Double)
        #expect(abs(slope - 2) < 0.05)
        #expect((json["warnings"] as? [String])?.first?.contains("below 200") == true)
    }

    @Test("A window uses the last rows, and one more for the fit before")
    func window() throws {
        let last = PairAnalysis(Self.slots, settings: AnalysisSettings(window: 50, price: .level), timeframe: .second)
        let fit = try LinearFit(PairMoments(x: Self.rows.suffix(50).map(\.x), y: Self.rows.suffix(50).map(\.y)))
        let before = Self.rows.suffix(51).dropLast()
        let previous = try LinearFit(PairMoments(x: before.map(\.x), y: before.map(\.y)))
        let row = try #require(Self.rows.last)
        #expect(last.reading.observations == 50)
        #expect(abs(try last.reading.fit.get().slope - fit.slope) < 1e-12)
        let forecast = try previous.forecastZScore(x: row.x, y: row.y)
        #expect(abs(try last.reading.forecastZScore.get() - forecast) < 1e-9)
    }

    @Test("Tests run by the rules of the readings: not where every stretch without a gap is too short")
    func gap() throws {
        var slots = Self.slots
        slots[30] = nil
        let tested = PairAnalysis(slots, settings: AnalysisSettings(price: .level), timeframe: .second)
        #expect(tested.reading.tests.reason == .gap)
        slots = Self.slots
        slots[10] = nil
        let whole = PairAnalysis(slots, settings: AnalysisSettings(price: .level), timeframe: .second)
        #expect(try whole.reading.tests.get().observations == 109)
        let json = try object(AnalysisReport(whole, source: .sample(rows: 120)))
        #expect(json["observations"] as? Int == 119)
        #expect(json["tested_observations"] as? Int == 109)
    }

    @Test("The variance ratio is that of the tested spread")
    func varianceRatio() throws {
        var slots = Self.slots
        slots[10] = nil
        let analysis = PairAnalysis(slots, settings: AnalysisSettings(price: .level), timeframe: .second)
        let report = AnalysisReport(analysis, source: .sample(rows: 120))
        let figures = try #require(try object(report)["variance_ratio"] as? [String: Any])
        let tested = Self.rows.suffix(109)
        let fit = try LinearFit(PairMoments(x: tested.map(\.x), y: tested.map(\.y)))
        let expected = try VarianceRatio(tested.map { fit.residual(x: $0.x, y: $0.y) }, periods: 10)
        #expect(abs(try #require(figures["ratio"] as? Double) - expected.ratio) < 1e-9)
        #expect(abs(try #require(figures["pvalue"] as? Double) - expected.pValue) < 1e-9)
        #expect(figures["periods"] as? Int == 10)
        #expect(report.text.contains("  variance_ratio"))
    }

    @Test(
        "Every null has a reason, and the calibrated p-value that of its test",
        arguments: ["flat", "few", "gap", "whole"]
    )
    func reasons(what: String) throws {
        var slots = Self.slots
        switch what {
        case "flat": slots = slots.map { slot in slot.map { (x: 5, y: $0.y, isCarried: false) } }
        case "few": slots = Array(slots.prefix(15))
        case "gap": slots[60] = nil
        default: break
        }
        let json = try object(
            AnalysisReport(
                PairAnalysis(slots, settings: AnalysisSettings(price: .level), timeframe: .second),
                source: .sample(rows: slots.count)
            )
        )
        let reasons = try #require(json["reason"] as? [String: String])
        func nulls(_ value: Any, at path: String) -> [String] {
            if value is NSNull { return [path] }
            guard let object = value as? [String: Any] else { return [] }
            return object.flatMap { nulls($0.value, at: path.isEmpty ? $0.key : "\(path).\($0.key)") }
        }
        for path in nulls(json, at: "") {
            #expect(reasons.keys.contains { path == $0 || path.hasPrefix($0 + ".") }, "\(path)")
        }
        #expect(reasons["calibrated_pvalue"] == reasons["engle_granger"])
        let warnings = (json["warnings"] as? [String] ?? []).joined()
        #expect(warnings.contains("no stretch without one is long enough") == (what == "gap"))
    }

    @Test("With a configuration, the exporter's settings for the pair are used")
    func configured() throws {
        let yaml = """
            tests: {min_observations: 50}
            pairs:
              - {y: "binance-usdm:ETHUSDT", x: "binance-usdm:BTCUSDT", signals: {zscore_entry: 3}, price: level}
            """
        let configuration = try Configuration(yaml: yaml, file: "pairs.yml")
        let (y, x) = (configuration.pairs[0].y, configuration.pairs[0].x)
        let known = AnalysisSettings(configuration, y: y, x: x)
        #expect(known.thresholds.zScoreEntry == 3 && known.price == .level && known.tests.minimumObservations == 50)
        let other = AnalysisSettings(configuration, y: x, x: y)
        #expect(other.thresholds.zScoreEntry == 2 && other.price == .log && other.tests.minimumObservations == 50)
        #expect(known.tests.hedgeRatios == HedgeRatioMethod.allCases)
    }

    @Test("A flat leg gives null with its reason, in JSON and in the text")
    func flat() throws {
        let report = try withCSV(Self.rows.map { (x: 5, y: $0.y) }) {
            try Analyzer(settings: AnalysisSettings()).pair(csv: $0, y: "y", x: "x")
        }
        let json = try object(report)
        #expect(json["hedge_ratio"] is NSNull)
        #expect((json["adf"] as? [String: Any])?["statistic"] is NSNull)
        #expect((json["reason"] as? [String: String])?["hedge_ratio"]?.hasPrefix("flat_leg") == true)
        #expect((json["reason"] as? [String: String])?["variance_ratio"]?.hasPrefix("flat_leg") == true)
        #expect(report.text.contains("hedge_ratio               none (flat_leg)"))
        #expect(report.text.contains("flat_leg         a leg hardly moves"))
    }

    @Test("The head and the table agree on what was tested, and a short file is explained")
    func tested() throws {
        for (rows, tested) in [(1, nil), (3, nil), (Self.rows.count, Self.rows.count)] as [(Int, Int?)] {
            let report = try withCSV(Array(Self.rows.prefix(rows))) {
                try Analyzer(settings: AnalysisSettings()).pair(csv: $0, y: "y", x: "x")
            }
            let json = try object(report)
            #expect(json["tested_observations"] as? Int == tested)
            #expect((json["head"] as? [String: Any])?["rows_tested"] as? Int == tested)
            let reasons = json["reason"] as? [String: String]
            #expect((reasons?["tested_observations"] == nil) == (tested != nil))
            #expect(report.text.contains("Warning: 1 observation:") == (rows == 1))
        }
    }

    @Test("A constant series is not called a leg")
    func flatSeries() throws {
        let report = try withCSV(Self.rows.map { (x: 5, y: $0.y) }) {
            try Analyzer(settings: AnalysisSettings()).series(csv: $0, column: "x")
        }
        #expect(report.text.contains("the series hardly moves") && !report.text.contains("leg hardly"))
        #expect(!report.json.contains("a leg hardly"))
    }

    @Test("A single series is used without logarithms, negative values included")
    func series() throws {
        let report = try withCSV(Self.rows.map { (x: $0.x, y: $0.y - 300) }) {
            try Analyzer(settings: AnalysisSettings()).series(csv: $0, column: "y")
        }
        let adf = try AugmentedDickeyFuller(Self.rows.map { $0.y - 300 })
        let json = try object(report)
        let statistic = try #require((json["adf"] as? [String: Any])?["statistic"] as? Double)
        #expect(abs(statistic - adf.statistic) < 1e-6)
        let expected = try VarianceRatio(Self.rows.map { $0.y - 300 }, periods: 10).ratio
        let ratio = try #require((json["variance_ratio"] as? [String: Any])?["ratio"] as? Double)
        #expect(abs(ratio - expected) < 1e-9)
    }

    @Test("Stored bars are aligned by time, and a lost bar is left out")
    func database() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "pairs.sqlite").path
        let legs = ["Y", "X"].map { Instrument(venue: .replay, symbol: $0) }
        let streams = StreamTable(legs.map { TradeStream(instrument: $0, name: "trade") })
        let minute = try #require(Timeframe("1m"))
        let store = try await StoreLocation(path: path).open(streams: streams)
        var bars: [Bar] = []
        for (slot, row) in Self.rows.enumerated() where slot != 60 {
            for (leg, close) in [row.y, row.x].enumerated() {
                bars.append(
                    Bar(
                        instrument: InstrumentID(leg),
                        timeframe: minute,
                        slot: Int64(slot),
                        state: .traded,
                        prices: .carried(close)
                    )
                )
            }
        }
        _ = try await store.write(StoreBatch(bars: bars))
        let settings = AnalysisSettings(window: 100, price: .level)
        let report = try await Analyzer(settings: settings).pair(
            database: path,
            y: legs[0],
            x: legs[1],
            timeframe: minute
        )
        for window in [100_000, 99_999_999_999, Int.max] {
            let long = Analyzer(settings: AnalysisSettings(window: window, price: .level))
            let error = await #expect(throws: AnalysisError.self) {
                try await long.pair(database: path, y: legs[0], x: legs[1], timeframe: minute)
            }
            #expect(error?.problem.hasPrefix("--window \(window) is longer than the \(Self.rows.count) bars") == true)
        }
        let early = await #expect(throws: AnalysisError.self) {
            try await Analyzer(settings: settings).pair(
                database: path,
                y: legs[0],
                x: legs[1],
                timeframe: minute,
                through: Timestamp(microseconds: -1)
            )
        }
        #expect(early?.problem.contains("closes by --to") == true)
        try await store.close()
        let json = try object(report)
        #expect(json["observations"] as? Int == 99)
        var slots: [WindowReplay.Slot?] = Self.rows.suffix(101).map { (x: $0.x, y: $0.y, isCarried: false) }
        slots[60 - (Self.rows.count - 101)] = nil
        let expected = PairAnalysis(slots, settings: settings, timeframe: minute).reading
        let hedgeRatio = try #require(json["hedge_ratio"] as? Double)
        let zScore = try #require(json["zscore"] as? Double)
        #expect(abs(try hedgeRatio - expected.fit.get().slope) < 1e-12)
        #expect(abs(try zScore - expected.zScore.get()) < 1e-10)
    }

    @Test("Bars that repeat an old price of a leg count as old")
    func carriedBars() throws {
        let timeframe = try #require(Timeframe("1m"))
        func bars(_ leg: Int, _ state: (Int) -> BarState) -> [Bar] {
            Self.rows.enumerated().map { slot, row in
                Bar(
                    instrument: InstrumentID(leg),
                    timeframe: timeframe,
                    slot: Int64(slot),
                    state: state(slot),
                    prices: .carried(leg == 0 ? row.y : row.x)
                )
            }
        }
        let pair = PairBars(
            y: bars(0) { _ in .traded },
            x: bars(1) { $0.isMultiple(of: 4) ? .carried : .traded }
        )
        let settings = AnalysisSettings(window: 100, price: .level)
        let analysis = PairAnalysis(
            pair.bars,
            slots: try #require(pair.slots),
            settings: settings,
            timeframe: timeframe
        )
        #expect(analysis.reading.carriedRatio == 0.25)
        #expect(analysis.reading.dataQuality == 0.75)
    }
}
