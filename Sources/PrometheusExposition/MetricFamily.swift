/// One metric family: everything about a metric except its samples.
///
/// A program declares its families once, in the order of their exposition, and passes them to a ``MetricsRegistry``,
/// which refuses families that break the naming rules of Prometheus (prometheus.io/docs/practices/naming) and
/// OpenMetrics 1.0.
package struct MetricFamily: Sendable, Hashable {
    /// The name as written in the text format, a counter's `_total` included.
    package let name: String
    /// The meaning of the samples.
    package let kind: MetricKind
    /// Base unit in plural (`seconds`, `bytes`, `ratio`), which the name must end with; `nil` where there is none.
    package let unit: String?
    /// One stable sentence for the `# HELP` line.
    package let help: String
    /// Names of the labels of every sample, in the order in which they are rendered.
    package let labelNames: [String]
    /// The most series for one subject, such as a device: more than one where a label has several values for it, and for
    /// a histogram ``HistogramBounds/seriesCount``.
    package let seriesCount: Int

    /// Describes a family; nothing is checked before ``validate()``.
    package init(
        _ name: String,
        _ kind: MetricKind,
        unit: String? = nil,
        help: String,
        labelNames: [String] = [],
        seriesCount: Int = 1
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
        self.labelNames = labelNames
        self.seriesCount = seriesCount
    }

    /// The family's name in OpenMetrics, where a counter is named without its `_total`.
    package var openMetricsName: String {
        kind == .counter && name.hasSuffix("_total") ? String(name.dropLast("_total".utf8.count)) : name
    }

    /// Checks name, unit, help and labels.
    ///
    /// - Throws: ``MetricsError/invalidFamily(name:reason:)`` with the first broken rule.
    package func validate() throws(MetricsError) {
        if let reason = firstBrokenRule() {
            throw .invalidFamily(name: name, reason: reason)
        }
    }

    private func firstBrokenRule() -> String? {
        guard Self.isName(name) else { return "a metric name must match [a-zA-Z_][a-zA-Z0-9_]*" }
        guard name.hasSuffix("_total") == (kind == .counter) else {
            return "the name of a counter, and of nothing else, must end in _total"
        }
        guard name.hasSuffix("_info") == (kind == .info) else {
            return "the name of an info metric, and of nothing else, must end in _info"
        }
        if let suffix = ["_sum", "_count", "_bucket", "_created"].first(where: openMetricsName.hasSuffix) {
            return "the suffix \(suffix) is reserved for the samples of histograms and counters"
        }
        if let unit, kind == .info || !openMetricsName.hasSuffix("_" + unit) {
            return kind == .info ? "an info metric has no unit" : "the name must end with its unit, \(unit)"
        }
        guard !help.isEmpty else { return "a help text is missing" }
        for (index, label) in labelNames.enumerated() {
            guard Self.isName(label), !label.hasPrefix("__") else {
                return "label \(label) must match [a-zA-Z_][a-zA-Z0-9_]* and not start with __"
            }
            guard label != "le", label != "quantile" else { return "label \(label) is reserved" }
            guard !labelNames[..<index].contains(label) else { return "label \(label) appears twice" }
        }
        return nil
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
