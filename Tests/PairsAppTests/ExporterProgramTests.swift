import ExporterHTTP
import Foundation
import Logging
import MarketData
import PairEngine
import Testing
import TradeStore

@testable import PairsApp
@testable import PairsTools

@Suite struct ExporterProgramTests {
    private static let labels = #"{pair="p",timeframe="1s",window="20"}"#

    @Test("A replayed file becomes rows, bars and readings, and a second run starts with warm windows")
    func replay() async throws {
        let market = try ReplayMarket(seconds: 60)
        defer { market.remove() }
        let configuration = try market.configuration()
        let first = try await RunningProgram.with(configuration) { program in
            try await program.wait(for: "pairs_store_trades_written_total") { $0 == 240 }
            try await program.wait(for: "pairs_window_fill_ratio" + Self.labels) { $0 == 1 }
            #expect(try await program.get("/-/ready").status == 200)
            #expect(
                try await program.value("pairs_feed_decode_failures_total{venue=\"replay\",reason=\"wrong_type\"}") == 0
            )
            #expect(try await program.value("pairs_trades_unrepaired{venue=\"replay\",symbol=\"XUSDT\"}") == 0)
            return try await program.value("pairs_hedge_ratio" + Self.labels)
        }
        let second = try await RunningProgram.with(configuration) { program in
            let warm = try await program.value("pairs_hedge_ratio" + Self.labels)
            try await program.wait(for: "pairs_feed_frames_total{venue=\"replay\"}") { $0 >= 240 }
            #expect(try await program.value("pairs_store_trades_written_total") == 0)
            return warm
        }
        #expect(abs(try #require(second) - #require(first)) < 1e-12)
        let instruments = try await StoreLocation(path: market.database).openForReading().instruments()
        #expect(instruments.map(\.symbol) == ["XUSDT", "YUSDT"])
    }

    @Test("The reading equals a diagnostic of the stored bars")
    func analysis() async throws {
        let market = try ReplayMarket(seconds: 40)
        defer { market.remove() }
        let hedgeRatio = try await RunningProgram.with(try market.configuration()) { program in
            try await program.wait(for: "pairs_store_trades_written_total") { $0 == 160 }
            try await program.wait(for: "pairs_window_fill_ratio" + Self.labels) { $0 == 1 }
            return try await program.value("pairs_hedge_ratio" + Self.labels)
        }
        let report = try await Analyzer(settings: AnalysisSettings(window: 20)).pair(
            database: market.database,
            y: Instrument(venue: .replay, symbol: "YUSDT"),
            x: Instrument(venue: .replay, symbol: "XUSDT"),
            timeframe: try #require(Timeframe("1s"))
        )
        let json = try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]
        #expect(abs(try #require(json?["hedge_ratio"] as? Double) - #require(hedgeRatio)) < 1e-12)
    }

    @Test("Until windows are warm the exporter is healthy and not ready, and states why statistics are missing")
    func warmingUp() async throws {
        let market = try ReplayMarket(seconds: 10)
        defer { market.remove() }
        try await RunningProgram.with(try market.configuration()) { program in
            try await program.wait(for: "pairs_store_trades_written_total") { $0 == 40 }
            #expect(try await program.get("/-/healthy").status == 200)
            let ready = try await program.get("/-/ready")
            #expect(ready.status == 503)
            #expect(ready.body.contains("no pair has a reading: warming up"))
            #expect(try await program.value("pairs_hedge_ratio" + Self.labels) == nil)
            let undefined = #"pairs_undefined{pair="p",timeframe="1s",window="20",statistic="fit",reason="warming_up"}"#
            #expect(try await program.value(undefined) == 1)
        }
    }

    @Test("A file that does not exist prevents the start")
    func missingFile() async throws {
        let market = try ReplayMarket(seconds: 1)
        market.remove()
        let program = ExporterProgram(
            configuration: try market.configuration(),
            options: ExporterOptions(listenAddress: .init(host: "127.0.0.1", port: 0)),
            logger: .init(label: "test")
        )
        let error = await #expect(throws: StartError.self) { try await program.run() }
        #expect(error?.description.contains("trades.csv") == true)
    }
}
