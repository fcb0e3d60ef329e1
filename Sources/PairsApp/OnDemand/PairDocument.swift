import ExporterHTTP
import MarketData
import PairEngine
import PairsMetrics
import PrometheusExposition

/// The readings of pairs as JSON: the samples of `/metrics`, under the names of their families without `pairs_`.
///
/// A label beyond those of the reading becomes a key: `"adf_critical_value": {"1%": …}`. A value that does not exist is
/// null, and `undefined` has the reason.
enum PairDocument {
    private static let readingLabels = PairMetric.labelNames

    /// An array of one object per pair, in the order of the configuration; each is a part by the name of its pair.
    static func all(_ market: ServingContext) throws(MetricsError) -> SharedDocument.Text {
        let registry = try MetricsRegistry(families: PairMetrics.families, collectors: [market.pairs])
        let samples = Dictionary(grouping: try registry.gather()) { sample in
            sample.labels.pairs.first { $0.name == "pair" }?.value ?? ""
        }
        var text = "["
        var parts: [String: Range<Int>] = [:]
        for pair in market.configuration.pairs {
            text += parts.isEmpty ? "\n" : ",\n"
            let start = text.utf8.count
            text += document(of: pair, samples[pair.name] ?? []).text
            parts[pair.name] = start..<text.utf8.count
        }
        return SharedDocument.Text(text + "\n]\n", parts: parts)
    }

    private static func document(of pair: PairConfiguration, _ samples: [GatheredSample]) -> JSONValue {
        let ofPair = samples.filter { !isReading($0.family) }
        let ofReadings = Dictionary(grouping: samples.filter { isReading($0.family) }) { sample in
            readingLabels.dropFirst().map { name in sample.labels.pairs.first { $0.name == name }?.value ?? "" }
        }
        let readings = pair.settings.timeframes.flatMap { timeframe in
            pair.settings.windows.map { window in
                let labels: [(key: String, value: JSONValue)] = [
                    ("timeframe", .string(timeframe.label)), ("window", .integer(window)),
                ]
                let samples = ofReadings[[timeframe.label, "\(window)"]] ?? []
                return JSONValue.object(labels + values(of: readingFamilies(of: pair), samples))
            }
        }
        let head: [(key: String, value: JSONValue)] = [
            ("pair", .string(pair.name)), ("y", .string("\(pair.y)")), ("x", .string("\(pair.x)")),
            ("price", .string(pair.settings.price.rawValue)),
        ]
        let families = PairMetrics.table.filter { !$0.isOfReading }.map(\.family)
            .filter { $0 != PairMetrics.info.family }
        return .object(head + values(of: families, ofPair) + [("readings", .array(readings))])
    }

    private static func isReading(_ family: MetricFamily) -> Bool {
        family.labelNames.starts(with: readingLabels)
    }

    /// The families for which a reading of the pair has a key, whether it has a value or not.
    private static func readingFamilies(of pair: PairConfiguration) -> [MetricFamily] {
        PairMetrics.table.filter { $0.isOfReading && ($0.isCore || pair.settings.export == .full) }.map(\.family)
    }

    private static func values(
        of families: [MetricFamily],
        _ samples: [GatheredSample]
    ) -> [(key: String, value: JSONValue)] {
        let samples = Dictionary(grouping: samples, by: \.family.name)
        return families.compactMap { family in
            let own = samples[family.name] ?? []
            let further = family.labelNames.filter { !readingLabels.contains($0) }
            if own.isEmpty, !further.isEmpty, family.name != PairMetrics.undefined.family.name { return nil }
            return (key(of: family), value(family.kind, own, further))
        }
    }

    private static func value(_ kind: MetricKind, _ samples: [GatheredSample], _ further: [String]) -> JSONValue {
        func label(_ sample: GatheredSample, _ name: String?) -> String {
            sample.labels.pairs.first { $0.name == name }?.value ?? ""
        }
        if kind == .info {
            guard let sample = samples.first else { return .null }
            return .object(further.map { ($0, .string(label(sample, $0))) })
        }
        switch further.count {
        case 0: return JSONValue(samples.first?.value)
        case 1: return .object(samples.map { (label($0, further[0]), .number($0.value)) })
        default:
            // A state: the first label names its subject, the second its value.
            return .object(samples.map { (label($0, further[0]), .string(label($0, further[1]))) })
        }
    }

    private static func key(of family: MetricFamily) -> String {
        let name = family.name.hasPrefix("pairs_") ? String(family.name.dropFirst("pairs_".count)) : family.name
        return family.kind == .info ? String(name.dropLast("_info".count)) : name
    }
}
