import Foundation
import Testing
import TradeStore

@testable import PairsApp

/// On-demand answers of the whole program on a market of 60 bars.
@Suite struct PairEndpointsTests {
    private static func withMarket(
        isInMemory: Bool = false,
        _ body: @escaping @Sendable (RunningProgram) async throws -> Void
    ) async throws {
        let market = try ReplayMarket(seconds: 60)
        defer { market.remove() }
        var configuration = try market.configuration()
        if isInMemory { configuration.storage.path = StoreLocation.memoryPath }
        try await RunningProgram.with(configuration) { program in
            try await program.wait(for: "pairs_store_trades_written_total") { $0 == 240 }
            try await program.wait(for: #"pairs_window_fill_ratio{pair="p",timeframe="1s",window="20"}"#) { $0 == 1 }
            try await body(program)
        }
    }

    private static func value(_ family: String, window: Int, in text: String) throws -> Double {
        let prefix = #"\#(family){pair="p",timeframe="1s",window="\#(window)"} "#
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(prefix) })
        return try #require(Double(line.dropFirst(prefix.count)))
    }

    @Test("A probe of a configured window equals the scrape, and that of another window what its scrape would contain")
    func probe() async throws {
        try await Self.withMarket { program in
            let scrape = try await program.get("/metrics").body
            let probe = try await program.get("/probe?pair=p")
            #expect(probe.status == 200)
            #expect(probe.body.contains("\nprobe_success 1\n"))
            #expect(probe.body.contains("# TYPE probe_duration_seconds gauge\n"))
            for family in ["pairs_hedge_ratio", "pairs_forecast_zscore", "pairs_return_correlation"] {
                let expected = try Self.value(family, window: 20, in: scrape)
                #expect(abs(try Self.value(family, window: 20, in: probe.body) - expected) < 1e-9)
            }
            let wide = try await program.get("/probe?y=replay:YUSDT&x=replay:XUSDT&timeframe=1s&window=50")
            #expect(wide.body.contains(#"pairs_window_fill_ratio{pair="YUSDT-XUSDT",timeframe="1s",window="50"} 1"#))
            let explained = try await program.get("/probe?pair=p&debug=true").body
            #expect(explained.contains("replay:YUSDT is regressed on replay:XUSDT"))
            #expect(explained.contains("Window of 20 bars, 100 % filled"))
        }
    }

    @Test("A probe that cannot be computed is refused with the reason, or fails with it", arguments: [false, true])
    func refused(isInMemory: Bool) async throws {
        try await Self.withMarket(isInMemory: isInMemory) { program in
            for (query, reason) in [
                ("pair=q", "no pair is called"), ("pair=p&timeframe=3m", "no 3m bars"),
                ("y=okx:A&x=okx:B", "no data of okx:A; there is replay:XUSDT, replay:YUSDT"),
                ("y=replay:YUSDT", "give pair=NAME"),
            ] {
                let answer = try await program.get("/probe?" + query)
                #expect(answer.status == 400)
                #expect(answer.body.contains(reason))
            }
            let cold = try await program.get("/probe?pair=p&window=100").body
            #expect(cold.contains("\nprobe_success 0\n"))
            #expect(cold.contains(#"statistic="fit",reason="warming_up"} 1"#))
        }
    }

    @Test("JSON has the same readings, with null and a reason for each value that does not exist")
    func json() async throws {
        try await Self.withMarket { program in
            let scrape = try await program.get("/metrics").body
            let one = try await program.get("/api/v1/pairs/p")
            #expect(one.status == 200)
            let pair = try #require(JSONSerialization.jsonObject(with: Data(one.body.utf8)) as? [String: Any])
            #expect(pair["y"] as? String == "replay:YUSDT")
            #expect((pair["leg_up"] as? [String: Double])?.count == 2)
            let reading = try #require((pair["readings"] as? [[String: Any]])?.first)
            #expect(reading["window"] as? Int == 20)
            // The digits are compared, because JSONSerialization may read another last bit.
            let ratio = try Self.value("pairs_hedge_ratio", window: 20, in: scrape)
            #expect(one.body.contains(#""hedge_ratio": \#(ratio),"#))
            #expect(reading["adf_pvalue"] is NSNull)
            #expect((reading["undefined"] as? [String: String])?["tests"] == "too_few")
            let all = try await program.get("/api/v1/pairs").body
            #expect((try JSONSerialization.jsonObject(with: Data(all.utf8)) as? [[String: Any]])?.count == 1)
            let unknown = try await program.get("/api/v1/pairs/q")
            #expect(unknown.status == 404)
            #expect(unknown.body.contains("The pairs are p."))
        }
    }

    @Test("Every pair is a target for Prometheus' service discovery")
    func serviceDiscovery() async throws {
        try await Self.withMarket { program in
            let body = try await program.get("/sd/pairs").body
            let list = try #require(JSONSerialization.jsonObject(with: Data(body.utf8)) as? [[String: Any]])
            #expect(list.count == 1)
            #expect(list[0]["targets"] as? [String] == ["p"])
            let labels = try #require(list[0]["labels"] as? [String: String])
            #expect(labels["__param_pair"] == "p")
            #expect(labels["__metrics_path__"] == "/probe")
        }
    }
}
