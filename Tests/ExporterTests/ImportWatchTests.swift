import Foundation
import MarketData
import Testing
import TradeFeeds

@testable import Exporter

@Suite struct ImportWatchTests {
    @Test("what is imported beside a running program fills its windows")
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
            let settings = ImportSettings(configuration, path: nil, naming: TradeFileNaming(), timeframe: nil)
            let summary = try await Importer(settings: settings).run(file)
            #expect(summary.newTrades == 240)
            try await program.wait(for: fill) { $0 == 1 }
        }
    }
}
