import Foundation
import MarketData
import PairEngine
import Testing
import VenueSimulator

@testable import PairsApp

@Suite(.timeLimit(.minutes(5))) struct FreshStartTests {
    /// Sixty-four minutes and five seconds, so that no bar closes while the test scrapes.
    private static let trades = 38_450

    /// The samples of all windows, without those that count from the start of the process or appear later.
    private func samples(_ program: RunningProgram) async throws -> [String] {
        let left = ["pairs_bars_total", "pairs_signal_entries_total", "pairs_signal_reverted", "pairs_past_extremes"]
        return try await program.get("/metrics").body.split(separator: "\n").map(String.init).filter { line in
            line.hasPrefix("pairs_") && line.contains(#"timeframe="1m""#) && !left.contains { line.hasPrefix($0) }
        }
    }

    private func configuration(_ market: MisbehavingMarket, _ venue: VenueSimulator) throws -> Configuration {
        var configuration = try market.configuration(venue, timeframes: "[1m]")
        configuration.pairs[0].settings.windows = [30]
        configuration.pairs[0].settings.tests.minimumObservations = 20
        return configuration
    }

    @Test("the venue's candles give the same readings as a restart, those of past tests and signals included")
    func candles() async throws {
        let market = try MisbehavingMarket(trades: Self.trades)
        defer { market.remove() }
        func start() async throws -> VenueSimulator {
            try await VenueSimulator.start(market.recording) { _ in .serve([.skip(Self.trades - 2), .frames()]) }
        }
        let fill = #"pairs_window_fill_ratio{pair="p",timeframe="1m",window="30"}"#
        let first = try await start()
        try await RunningProgram.with(try configuration(market, first)) { program in
            try await program.wait(for: fill) { $0 == 1 }
        }
        await first.stop()

        let second = try await start()
        let restarted = try await RunningProgram.with(try configuration(market, second)) { program in
            try await program.wait(for: fill) { $0 == 1 }
            var settled: [String] = []
            while true {
                try await Task.sleep(for: .milliseconds(500))
                let now = try await samples(program)
                if now == settled { return settled }
                settled = now
            }
        }
        await second.stop()
        #expect(restarted.contains { $0.hasPrefix("pairs_cointegration_pvalue{") })

        let other = try MisbehavingMarket(trades: Self.trades)
        defer { other.remove() }
        let third = try await start()
        let fresh = try await RunningProgram.with(try configuration(other, third)) { program in
            var now = try await samples(program)
            for _ in 0..<400 where now != restarted {
                try await Task.sleep(for: .milliseconds(100))
                now = try await samples(program)
            }
            return now
        }
        await third.stop()
        #expect(Set(fresh).symmetricDifference(restarted).sorted() == [])
    }
}
