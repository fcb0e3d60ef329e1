import PrometheusExposition
import Testing

@Suite struct MetricFamilyTests {
    @Test(
        "families that follow the naming rules are accepted",
        arguments: [
            MetricFamily("pairs_trades_total", .counter, help: "h", labelNames: ["venue", "symbol"]),
            MetricFamily("pairs_received_bytes_total", .counter, unit: "bytes", help: "h"),
            MetricFamily("pairs_hedge_ratio", .gauge, help: "h"),
            MetricFamily("pairs_window_fill_ratio", .gauge, unit: "ratio", help: "h"),
            MetricFamily("pairs_feed_delay_seconds", .histogram, unit: "seconds", help: "h"),
            MetricFamily("pairs_pair_info", .info, help: "h", labelNames: ["pair"]),
            MetricFamily("process_max_fds", .gauge, help: "h"),
        ]
    )
    func accepted(family: MetricFamily) throws {
        try family.validate()
    }

    @Test(
        "families that break a naming rule are refused with the rule",
        arguments: [
            (MetricFamily("9lives", .gauge, help: "h"), "must match"),
            (MetricFamily("", .gauge, help: "h"), "must match"),
            (MetricFamily("pairs:rate", .gauge, help: "h"), "must match"),
            (MetricFamily("preis_größe", .gauge, help: "h"), "must match"),
            (MetricFamily("pairs_trades", .counter, help: "h"), "_total"),
            (MetricFamily("pairs_trades_total", .gauge, help: "h"), "_total"),
            (MetricFamily("pairs_build", .info, help: "h"), "_info"),
            (MetricFamily("pairs_build_info", .gauge, help: "h"), "_info"),
            (MetricFamily("pairs_trade_count", .gauge, help: "h"), "_count"),
            (MetricFamily("pairs_delay_bucket", .histogram, help: "h"), "_bucket"),
            (MetricFamily("pairs_created_total", .counter, help: "h"), "_created"),
            (MetricFamily("pairs_delay_ms", .gauge, unit: "seconds", help: "h"), "unit"),
            (MetricFamily("pairs_bytes_seconds_total", .counter, unit: "bytes", help: "h"), "unit"),
            (MetricFamily("pairs_build_info", .info, unit: "info", help: "h"), "unit"),
            (MetricFamily("pairs_up", .gauge, help: ""), "help"),
            (MetricFamily("pairs_up", .gauge, help: "h", labelNames: ["__name"]), "__name"),
            (MetricFamily("pairs_up", .gauge, help: "h", labelNames: ["a-b"]), "a-b"),
            (MetricFamily("pairs_up", .gauge, help: "h", labelNames: ["le"]), "reserved"),
            (MetricFamily("pairs_up", .gauge, help: "h", labelNames: ["a", "b", "a"]), "twice"),
        ]
    )
    func refused(family: MetricFamily, reason: String) throws {
        let error = try #require(throws: MetricsError.self) { try family.validate() }
        guard case .invalidFamily(family.name, let found) = error else {
            Issue.record("unexpected \(error)")
            return
        }
        #expect(found.contains(reason))
        #expect(error.description.contains(family.name))
    }

    @Test("OpenMetrics names a counter without its suffix")
    func openMetricsName() {
        #expect(MetricFamily("a_total", .counter, help: "h").openMetricsName == "a")
        #expect(MetricFamily("a_seconds", .histogram, help: "h").openMetricsName == "a_seconds")
    }
}
