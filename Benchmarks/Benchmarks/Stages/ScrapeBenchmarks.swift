import Benchmark
import PrometheusExposition

/// 10,000 series → one scrape: 25 families of 400 label sets, with values of full length.
func registerRendering() {
    for (name, format) in [("text", ExpositionFormat.text), ("OpenMetrics", .openMetrics)] {
        Benchmark("render 10,000 series, \(name)") { benchmark, registry in
            blackHole(try registry.render(format))
        } setup: {
            try registry()
        }
    }
    Benchmark("gzip of 10,000 series, text") { benchmark, body in
        blackHole(try Gzip.compress(body))
    } setup: {
        try registry().render(.text)
    }
}

private func registry() throws -> MetricsRegistry {
    let collector = SyntheticSeries()
    return try MetricsRegistry(families: collector.families, collectors: [collector])
}
