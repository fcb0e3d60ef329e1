import Foundation
import MarketData
import PrometheusExposition
import TestSupport
import Testing
import TradeFeeds
import TradeFiles
import TradeStore

@testable import PairsApp
@testable import PairsTools

@Suite(.timeLimit(.minutes(2))) struct ImportWatchTests {
    @Test("an import beside a running program fills its windows")
    func refresh() async throws {
        // Ids of the file, which a simulated market would number otherwise.
        let market = try ReplayMarket(seconds: 120)
        defer { market.remove() }
        let lines = try String(contentsOfFile: market.csv, encoding: .utf8).split(separator: "\n").map(String.init)
        let past = ([lines[0]] + lines[1..<241]).joined(separator: "\n")
        let present = ([lines[0]] + lines[241...]).joined(separator: "\n")
        try present.write(toFile: market.csv, atomically: true, encoding: .utf8)
        let file = market.folder.appending(path: "past.csv").path
        try past.write(toFile: file, atomically: true, encoding: .utf8)
        let configuration = try market.configuration(windows: "[100]")
        try await RunningProgram.with(configuration) { program in
            let fill = #"pairs_window_fill_ratio{pair="p",timeframe="1s",window="100"}"#
            try await program.wait(for: fill) { $0 > 0.5 && $0 < 0.7 }
            let settings = ImportSettings(
                configuration,
                path: nil,
                naming: TradeFileNaming(venue: .replay),
                timeframe: nil
            )
            let summary = try await Importer(settings: settings).run(file)
            #expect(summary.newTrades == 240)
            try await program.wait(for: fill) { $0 == 1 }
        }
    }

    @Test("a failure to read the database is counted and logged, and the read is repeated")
    func unreadableStore() async throws {
        let folder = try TemporaryFolder()
        let streams = StreamTable([
            TradeStream(instrument: Instrument(venue: .binanceUSDM, symbol: "BTCUSDT"), name: "aggTrade")
        ])
        let log = CapturedLog()
        let store = try await StoreLocation(path: folder.file()).open(streams: streams)
        try await store.close()
        let failures = Counter(StoreMetrics.readFailures)
        let watch = ImportWatch(
            store: store,
            firstRevision: 0,
            oldest: { nil },
            refresh: {},
            failures: failures,
            logger: log.logger
        )
        let running = Task { await watch.run() }
        while failures.value < 2 { try await Task.sleep(for: .milliseconds(5)) }
        running.cancel()
        await running.value
        #expect(log.text.contains("an import has not reached the windows yet"))
    }
}
