import PrometheusExposition
import Testing

@Suite struct InstrumentVectorTests {
    private enum Reason: String, CaseIterable { case price, size, order }

    private static let family = MetricFamily("demo_total", .counter, help: "h", labelNames: ["reason"])

    private func lines(_ collector: any MetricCollector, _ family: MetricFamily) throws -> [String] {
        let registry = try MetricsRegistry(families: [family], collectors: [collector])
        return String(decoding: try registry.render(.text), as: UTF8.self)
            .split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .map(String.init)
    }

    @Test("counters of predefined keys are exposed as 0 before the first event")
    func knownKeys() throws {
        let counters = CounterVector(Self.family, keys: Reason.allCases) { ["reason": $0.rawValue] }
        #expect(
            try lines(counters, Self.family) == [
                #"demo_total{reason="price"} 0"#, #"demo_total{reason="size"} 0"#, #"demo_total{reason="order"} 0"#,
            ]
        )
    }

    @Test("members of other keys are created at their first use, and end when they are removed")
    func otherKeys() throws {
        let counters = CounterVector(Self.family, keys: ["a", "a"]) { ["reason": $0] }
        counters["b"].increment(by: 2)
        counters["c"].increment(by: 3)
        counters["b"].increment()
        #expect(counters["b"] === counters["b"])
        counters.remove("a")
        counters.remove("unknown")
        #expect(try lines(counters, Self.family) == [#"demo_total{reason="b"} 3"#, #"demo_total{reason="c"} 3"#])
        counters["c"].increment()
        counters["a"].increment()
        #expect(
            try lines(counters, Self.family).suffix(2) == [#"demo_total{reason="c"} 4"#, #"demo_total{reason="a"} 1"#]
        )
    }

    @Test("gauges and histograms have vectors too")
    func otherInstruments() throws {
        let gauge = MetricFamily("demo_up", .gauge, help: "h", labelNames: ["venue"])
        let gauges = GaugeVector(gauge, keys: ["x", "y"]) { ["venue": $0] }
        gauges["y"].value = 1
        #expect(try lines(gauges, gauge) == [#"demo_up{venue="y"} 1"#])

        let histogram = MetricFamily("demo_seconds", .histogram, unit: "seconds", help: "h", labelNames: ["venue"])
        let histograms = HistogramVector(histogram, bounds: HistogramBounds([1]), keys: ["x"]) { ["venue": $0] }
        histograms["x"].observe(2)
        #expect(try lines(histograms, histogram).last == #"demo_seconds_count{venue="x"} 1"#)
    }

    @Test("threads that use the same new key get the same member")
    func concurrency() async {
        let counters = CounterVector(Self.family, keys: [String]()) { ["reason": $0] }
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for key in 0..<500 { counters["\(key)"].increment() }
                }
            }
        }
        #expect((0..<500).allSatisfy { counters["\($0)"].value == 8 })
    }
}
