import PrometheusExposition
import Testing

@Suite struct HistogramTests {
    @Test("a value is counted in the first bucket whose bound it does not exceed")
    func buckets() {
        var data = HistogramData(HistogramBounds([1, 2, 5]))
        for value in [-3, 0, 1, 1.0.nextUp, 2, 5, 5.0.nextUp, 1e300] { data.observe(value) }
        #expect(data.counts == [3, 2, 1, 2])
    }

    @Test("NaN and infinities are not observed", arguments: [Double.nan, .infinity, -.infinity])
    func ignored(value: Double) {
        var data = HistogramData(HistogramBounds([1]))
        data.observe(0.5)
        data.observe(value)
        #expect(data.counts == [1, 0])
        #expect(data.sum == 0.5)
    }

    @Test("bounds are sorted, finite and unique")
    func bounds() {
        #expect(HistogramBounds([5, 1, .infinity, 1, .nan, 2]).upperBounds == [1, 2, 5])
        #expect(HistogramBounds.exponential(start: 0.5, factor: 2, count: 4).upperBounds == [0.5, 1, 2, 4])
        #expect(HistogramBounds([]).upperBounds.isEmpty)
    }

    @Test("no observation is lost between threads")
    func concurrency() async throws {
        let family = MetricFamily("demo_seconds", .histogram, unit: "seconds", help: "h")
        let histogram = Histogram(family, bounds: HistogramBounds([1]))
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for value in 0..<1_000 { histogram.observe(Double(value % 4)) }
                }
            }
        }
        #expect(histogram.data.counts == [4_000, 4_000])
        #expect(histogram.data.sum == 12_000)
        let registry = try MetricsRegistry(families: [family], collectors: [histogram])
        #expect(
            String(decoding: try registry.render(.text), as: UTF8.self).hasSuffix(
                """
                demo_seconds_bucket{le="1"} 4000
                demo_seconds_bucket{le="+Inf"} 8000
                demo_seconds_sum 12000
                demo_seconds_count 8000

                """
            )
        )
    }
}
