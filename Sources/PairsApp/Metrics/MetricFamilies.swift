import ExporterHTTP
import PairsMetrics
package import PrometheusExposition

/// The catalogue: every family that the program exposes, in the order of exposition.
///
/// `/metrics`, the table in the README and the tests use it.
package enum MetricFamilies {
    /// The families with their heading in the documentation.
    package static let groups: [(heading: String, families: [MetricFamily])] = [
        ("Pairs", PairMetrics.families),
        ("Instruments", InstrumentMetrics.families),
        ("Feeds", FeedMetrics.families),
        ("Store", StoreMetrics.families),
        ("Scrapes and the process", ScrapeMetrics.families + ProcessCollector.families),
        ("The exporter itself", ExporterMetrics.families),
    ]

    /// All families.
    package static let all = groups.flatMap(\.families)

    /// The catalogue in the form of the README: one Markdown table per group.
    package static var markdown: String {
        groups.map { heading, families in
            let rows = families.map { family in
                let labels = family.labelNames.map { "`\($0)`" }.joined(separator: ", ")
                return "| `\(family.name)` | \(family.kind) | \(labels) | \(family.help) |"
            }
            return (["### \(heading)", "", "| family | type | labels | meaning |", "|---|---|---|---|"] + rows)
                .joined(separator: "\n")
        }.joined(separator: "\n\n")
    }
}
