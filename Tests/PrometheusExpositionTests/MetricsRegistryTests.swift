import PrometheusExposition
import Testing

@Suite struct MetricsRegistryTests {
    private static let trades = MetricFamily(
        "demo_trades_total",
        .counter,
        help: #"Trades "seen" \ counted."#,
        labelNames: ["venue"]
    )
    private static let delay = MetricFamily(
        "demo_delay_seconds",
        .histogram,
        unit: "seconds",
        help: "Delay.",
        labelNames: ["venue"]
    )
    private static let up = MetricFamily("demo_up", .gauge, help: "Up\nor down.")
    private static let build = MetricFamily("demo_build_info", .info, help: "Build.", labelNames: ["version"])
    private static let families = [trades, delay, up, build]

    private static func venue(_ name: String, trades count: Double) -> ClosureCollector {
        ClosureCollector { writer in
            var histogram = HistogramData(HistogramBounds([0.5, 1]))
            histogram.observe(0.25)
            histogram.observe(count)
            writer.family(delay) { $0.write(histogram, labels: ["venue": name]) }
            writer.family(trades) { $0.write(count, labels: ["venue": name]) }
        }
    }

    private static func registry() throws -> MetricsRegistry {
        try MetricsRegistry(
            families: families,
            collectors: [
                ClosureCollector { $0.write(1, build, labels: ["version": "1.2"]) },
                venue("a", trades: 1),
                venue("b", trades: 12_345_678),
                ClosureCollector { $0.write(0.5, up) },
            ]
        )
    }

    private func render(_ registry: MetricsRegistry, _ format: ExpositionFormat) throws -> String {
        String(decoding: try registry.render(format), as: UTF8.self)
    }

    @Test("the text format has the families in catalogue order and their samples together")
    func text() throws {
        #expect(
            try render(Self.registry(), .text) == #"""
                # HELP demo_trades_total Trades "seen" \\ counted.
                # TYPE demo_trades_total counter
                demo_trades_total{venue="a"} 1
                demo_trades_total{venue="b"} 12345678
                # HELP demo_delay_seconds Delay.
                # TYPE demo_delay_seconds histogram
                demo_delay_seconds_bucket{venue="a",le="0.5"} 1
                demo_delay_seconds_bucket{venue="a",le="1"} 2
                demo_delay_seconds_bucket{venue="a",le="+Inf"} 2
                demo_delay_seconds_sum{venue="a"} 1.25
                demo_delay_seconds_count{venue="a"} 2
                demo_delay_seconds_bucket{venue="b",le="0.5"} 1
                demo_delay_seconds_bucket{venue="b",le="1"} 1
                demo_delay_seconds_bucket{venue="b",le="+Inf"} 2
                demo_delay_seconds_sum{venue="b"} 12345678.25
                demo_delay_seconds_count{venue="b"} 2
                # HELP demo_up Up\nor down.
                # TYPE demo_up gauge
                demo_up 0.5
                # HELP demo_build_info Build.
                # TYPE demo_build_info gauge
                demo_build_info{version="1.2"} 1

                """#
        )
    }

    @Test("OpenMetrics has type, unit and help, counters without suffix, floats with a point, and an end")
    func openMetrics() throws {
        #expect(
            try render(Self.registry(), .openMetrics) == #"""
                # TYPE demo_trades counter
                # HELP demo_trades Trades \"seen\" \\ counted.
                demo_trades_total{venue="a"} 1.0
                demo_trades_total{venue="b"} 12345678.0
                # TYPE demo_delay_seconds histogram
                # UNIT demo_delay_seconds seconds
                # HELP demo_delay_seconds Delay.
                demo_delay_seconds_bucket{venue="a",le="0.5"} 1
                demo_delay_seconds_bucket{venue="a",le="1.0"} 2
                demo_delay_seconds_bucket{venue="a",le="+Inf"} 2
                demo_delay_seconds_sum{venue="a"} 1.25
                demo_delay_seconds_count{venue="a"} 2
                demo_delay_seconds_bucket{venue="b",le="0.5"} 1
                demo_delay_seconds_bucket{venue="b",le="1.0"} 1
                demo_delay_seconds_bucket{venue="b",le="+Inf"} 2
                demo_delay_seconds_sum{venue="b"} 12345678.25
                demo_delay_seconds_count{venue="b"} 2
                # TYPE demo_up gauge
                # HELP demo_up Up\nor down.
                demo_up 0.5
                # TYPE demo_build_info gauge
                # HELP demo_build_info Build.
                demo_build_info{version="1.2"} 1.0
                # EOF

                """#
        )
    }

    @Test("every series is counted, those of histograms one by one")
    func seriesCount() throws {
        let registry = try Self.registry()
        #expect(registry.seriesCount == 14)
        let lines = try render(registry, .text).split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count == 14)
    }

    @Test("a collector can report the number of series written before it and itself")
    func seriesCountWhileCollecting() throws {
        let series = MetricFamily("demo_series", .gauge, help: "Series.")
        let registry = try MetricsRegistry(
            families: [series, Self.trades],
            collectors: [
                ClosureCollector { writer in
                    writer.family(Self.trades) { samples in
                        for venue in ["a", "b", "c"] { samples.write(1, labels: ["venue": venue]) }
                    }
                },
                ClosureCollector { $0.write(Double($0.seriesCount + 1), series) },
            ]
        )
        #expect(try render(registry, .text).contains("\ndemo_series 4\n"))
    }

    @Test(
        "a value that does not exist leaves its sample out, and its family too where it has no other",
        arguments: [nil, Double.nan, .signalingNaN, .infinity, -.infinity]
    )
    func absentValues(value: Double?) throws {
        let registry = try MetricsRegistry(
            families: Self.families,
            collectors: [
                ClosureCollector { writer in
                    writer.write(value, Self.up)
                    writer.family(Self.trades) { samples in
                        samples.write(value, labels: ["venue": "a"])
                        samples.write(2, labels: ["venue": "b"])
                    }
                }
            ]
        )
        let lines = try render(registry, .text).split(separator: "\n").filter { !$0.hasPrefix("# HELP") }
        #expect(lines == ["# TYPE demo_trades_total counter", "demo_trades_total{venue=\"b\"} 2"])
        #expect(registry.seriesCount == 1)
    }

    @Test("without samples the text body is empty and the OpenMetrics body is its end line")
    func empty() throws {
        let registry = try MetricsRegistry(families: Self.families, collectors: [])
        #expect(try render(registry, .text).isEmpty)
        #expect(try render(registry, .openMetrics) == "# EOF\n")
    }

    @Test("reused memory contains no part of earlier renderings")
    func repeatedRendering() throws {
        let registry = try Self.registry()
        let text = try registry.render(.text)
        let openMetrics = try registry.render(.openMetrics)
        for _ in 0..<3 {
            #expect(try registry.render(.text) == text)
            #expect(try registry.render(.openMetrics) == openMetrics)
        }
    }

    @Test("concurrent scrapes do not disturb each other")
    func concurrentRendering() async throws {
        let registry = try Self.registry()
        let expected = [
            ExpositionFormat.text: try registry.render(.text), .openMetrics: try registry.render(.openMetrics),
        ]
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                let format: ExpositionFormat = index.isMultiple(of: 2) ? .text : .openMetrics
                group.addTask { try registry.render(format) == expected[format] }
            }
            for try await isEqual in group {
                #expect(isEqual)
            }
        }
    }

    @Test(
        "samples that the catalogue does not allow fail the rendering",
        arguments: [
            (
                ClosureCollector { $0.write(1, MetricFamily("demo_other", .gauge, help: "h")) },
                MetricsError.unknownFamily(name: "demo_other")
            ),
            (
                ClosureCollector { $0.write(1, trades) },
                .labelMismatch(family: "demo_trades_total", expected: ["venue"], found: [])
            ),
            (
                ClosureCollector { $0.write(1, up, labels: ["venue": "a"]) },
                .labelMismatch(family: "demo_up", expected: [], found: ["venue"])
            ),
            (
                ClosureCollector { $0.write(1, delay, labels: ["venue": "a"]) },
                .kindMismatch(family: "demo_delay_seconds", kind: .histogram)
            ),
            (
                ClosureCollector { writer in
                    writer.family(up) { $0.write(HistogramData(HistogramBounds([1]))) }
                },
                .kindMismatch(family: "demo_up", kind: .gauge)
            ),
        ]
    )
    func mistakes(collector: ClosureCollector, expected: MetricsError) throws {
        let registry = try MetricsRegistry(families: Self.families, collectors: [collector])
        #expect(throws: expected) { try registry.render(.text) }
        #expect(!expected.description.isEmpty)
    }

    @Test(
        "families that would produce the same name are refused",
        arguments: [
            ([up, up], "demo_up"),
            ([trades, MetricFamily("demo_trades", .gauge, help: "h")], "demo_trades"),
            ([MetricFamily("demo_delay_seconds_x", .gauge, help: "h"), delay, delay], "demo_delay_seconds"),
        ]
    )
    func nameClashes(families: [MetricFamily], prefix: String) throws {
        let error = try #require(throws: MetricsError.self) {
            try MetricsRegistry(families: families, collectors: [])
        }
        guard case .nameClash(let name) = error else {
            Issue.record("unexpected \(error)")
            return
        }
        #expect(name.hasPrefix(prefix))
    }

    @Test("an invalid family is refused by the registry")
    func invalidFamily() {
        #expect(throws: MetricsError.self) {
            try MetricsRegistry(families: [MetricFamily("demo", .counter, help: "h")], collectors: [])
        }
    }

    @Test("text 1.0.0 has the body of 0.0.4, since no name needs quotes")
    func textUTF8() throws {
        let registry = try Self.registry()
        #expect(try registry.render(ExpositionFormat(.textUTF8)) == registry.render(.text))
    }

    @Test(
        "families are chosen by their name or the name of a sample in any format",
        arguments: [
            (["demo_up"], ["demo_up"]), (["demo_trades"], ["demo_trades_total"]),
            (["demo_delay_seconds_count", "demo_up"], ["demo_delay_seconds", "demo_up"]), (["none"], []), ([], []),
        ]
    )
    func names(asked: [String], found: [String]) throws {
        let text = String(decoding: try Self.registry().render(.text, names: Set(asked)), as: UTF8.self)
        let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        #expect(types.map(String.init) == found)
    }

    @Test("an OpenMetrics body without families has the end line")
    func noNames() throws {
        #expect(try render(Self.registry(), .openMetrics).hasSuffix("# EOF\n"))
        #expect(try Self.registry().render(.openMetrics, names: []) == Array("# EOF\n".utf8))
    }

    @Test("samples are available as values, without histograms")
    func gather() throws {
        let samples = try Self.registry().gather()
        #expect(samples.map(\.family.name) == ["demo_trades_total", "demo_trades_total", "demo_up", "demo_build_info"])
        #expect(samples.map(\.value) == [1, 12_345_678, 0.5, 1])
        #expect(samples.map(\.labels.description) == [#"{venue="a"}"#, #"{venue="b"}"#, "", #"{version="1.2"}"#])
    }
}
