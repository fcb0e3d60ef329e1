import PrometheusExposition

/// A scrape of gauges with four labels, whose values are new each time.
enum RenderStage {
    static func run() throws {
        for count in [1_000, 10_000, 100_000] {
            let collector = SyntheticSeries(count: count)
            let registry = try MetricsRegistry(families: [collector.family], collectors: [collector])
            let bytes = try registry.render(.text).count
            try Measurement.report("render.n\(count)", units: count) {
                if try registry.render(.text).count != bytes { fail("render: a body of another length") }
            }
        }
    }
}
