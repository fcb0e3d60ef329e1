/// Takes the samples of one family; see ``MetricsWriter/family(_:_:)``.
public struct SampleWriter: ~Copyable {
    /// The first mistake in what was written.
    private(set) var failure: MetricsError?

    private var bytes: [UInt8]
    private var seriesCount: Int
    private let entry: MetricCatalogue.Entry
    private let text: FamilyText
    private let encoding: ExpositionFormat.Encoding
    private let number: NumberText

    init(_ entry: MetricCatalogue.Entry, _ encoding: ExpositionFormat.Encoding, _ section: consuming MetricSection) {
        self.entry = entry
        self.encoding = encoding
        bytes = section.bytes
        seriesCount = section.seriesCount
        text = entry.text(encoding)
        number = encoding == .openMetrics ? .openMetrics : .text
    }

    /// Writes one sample of a counter, gauge or info metric.
    ///
    /// A value that does not exist is absent: `nil`, NaN and infinities write nothing.
    public mutating func write(_ value: Double?, labels: LabelSet = .empty) {
        guard let value, value.isFinite, accepts(labels, histogram: false) else { return }
        append(text.name, labels, value)
    }

    /// Writes the cumulative buckets, the sum and the count of one histogram.
    public mutating func write(_ histogram: HistogramData, labels: LabelSet = .empty) {
        guard accepts(labels, histogram: true) else { return }
        // `{a="b"} ` without its braces, to put `le` behind it.
        let inner = labels.rendered.dropFirst().dropLast(2)
        var cumulative: UInt64 = 0
        for (bound, count) in zip(histogram.bounds.rendered(encoding), histogram.counts) {
            cumulative += count
            bytes += text.bucketName
            if !inner.isEmpty {
                bytes += inner
                bytes.append(UInt8(ascii: ","))
            }
            bytes += bound
            appendCount(cumulative)
        }
        append(text.sumName, labels, histogram.sum)
        bytes += text.countName
        bytes += labels.rendered
        appendCount(cumulative)
    }

    /// The section with everything that was written.
    consuming func finish() -> MetricSection {
        MetricSection(bytes: bytes, seriesCount: seriesCount)
    }

    private mutating func append(_ name: [UInt8], _ labels: LabelSet, _ value: Double) {
        bytes += name
        bytes += labels.rendered
        bytes.append(addingCapacity: NumberText.capacity) { output in
            number.append(value, to: &output)
            output.append(UInt8(ascii: "\n"))
        }
        seriesCount += 1
    }

    private mutating func appendCount(_ count: UInt64) {
        bytes.append(addingCapacity: NumberText.capacity) { output in
            NumberText.append(count, to: &output)
            output.append(UInt8(ascii: "\n"))
        }
        seriesCount += 1
    }

    private mutating func accepts(_ labels: LabelSet, histogram: Bool) -> Bool {
        if histogram != (entry.family.kind == .histogram) {
            failure = .kindMismatch(family: entry.family.name, kind: entry.family.kind)
            return false
        }
        if labels.signature != entry.labelSignature {
            failure = .labelMismatch(
                family: entry.family.name,
                expected: entry.family.labelNames,
                found: labels.pairs.map(\.name)
            )
            return false
        }
        return true
    }
}
