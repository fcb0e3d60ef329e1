/// The text of one family in OpenMetrics 1.0 with the time of each sample, for history instead of a scrape.
///
/// The samples of one series must be written one after another, in the order of time.
package struct TimedFamilyText: Sendable {
    /// The last line of a document.
    package static let end = Array("# EOF\n".utf8)

    /// The `# TYPE`, `# UNIT` and `# HELP` lines.
    package let header: [UInt8]
    /// The lines written since the last ``removeLines()``.
    package private(set) var lines: [UInt8] = []
    private let name: [UInt8]

    /// A family of counters, gauges or info metrics without samples.
    package init(_ family: MetricFamily) {
        header = FamilyText(family, .openMetrics).header
        name = Array(family.name.utf8)
    }

    /// Writes one sample; a non-finite value writes nothing.
    /// - Parameter milliseconds: since the epoch, the precision of Prometheus.
    package mutating func append(_ value: Double, labels: LabelSet, milliseconds: Int64) {
        guard value.isFinite else { return }
        lines += name
        lines += labels.rendered
        lines.append(addingCapacity: NumberText.capacity) { output in
            NumberText.openMetrics.append(value, to: &output)
        }
        lines.append(UInt8(ascii: " "))
        lines += "\(milliseconds / 1000).".utf8
        let fraction = String(milliseconds % 1000)
        lines += repeatElement(UInt8(ascii: "0"), count: 3 - fraction.utf8.count)
        lines += fraction.utf8
        lines.append(UInt8(ascii: "\n"))
    }

    /// Removes and returns the lines written so far.
    package mutating func removeLines() -> [UInt8] {
        defer { lines.removeAll(keepingCapacity: true) }
        return lines
    }
}
