/// Takes the samples of one family; see ``MetricsWriter/family(_:_:)``.
public struct SampleWriter: ~Copyable {
    /// What becomes of samples.
    enum Purpose {
        case exposition(ExpositionFormat.Encoding)
        /// They are kept as values, histograms left out.
        case gathering
    }

    /// The first mistake in what was written.
    private(set) var failure: MetricsError?

    private var output: MetricOutput
    private let entry: MetricCatalogue.Entry
    private let name: [UInt8]
    private let purpose: Purpose
    private let number: NumberText

    init(_ entry: MetricCatalogue.Entry, _ purpose: Purpose, _ output: consuming MetricOutput) {
        self.entry = entry
        self.purpose = purpose
        self.output = output
        if case .exposition(let encoding) = purpose {
            name = entry.text(encoding).name
            number = encoding == .openMetrics ? .openMetrics : .text
        } else {
            name = []
            number = .text
        }
    }

    /// Writes one sample of a counter, gauge or info metric.
    ///
    /// A value that does not exist is absent: `nil`, NaN and infinities write nothing.
    public mutating func write(_ value: Double?, labels: LabelSet = .empty) {
        guard let value, value.isFinite, accepts(labels, histogram: false) else { return }
        switch purpose {
        case .exposition(.protobuf):
            MetricMessage.append(value, kind: entry.family.kind, labels: labels, to: &output.bytes)
        case .exposition:
            append(name, labels, value)
        case .gathering:
            output.samples.append(GatheredSample(family: entry.family, labels: labels, value: value))
        }
        output.seriesCount += 1
    }

    /// Writes the cumulative buckets, the sum and the count of one histogram.
    public mutating func write(_ histogram: HistogramData, labels: LabelSet = .empty) {
        guard accepts(labels, histogram: true) else { return }
        switch purpose {
        case .exposition(.protobuf): MetricMessage.append(histogram, labels: labels, to: &output.bytes)
        case .exposition(let encoding): append(histogram, labels, entry.text(encoding), encoding)
        case .gathering: break
        }
        output.seriesCount += histogram.counts.count + 2
    }

    /// The output with everything that was written.
    consuming func finish() -> MetricOutput {
        output
    }

    private mutating func append(
        _ histogram: HistogramData,
        _ labels: LabelSet,
        _ text: FamilyText,
        _ encoding: ExpositionFormat.Encoding
    ) {
        // `{a="b"} ` without its braces, to put `le` behind it.
        let inner = labels.rendered.dropFirst().dropLast(2)
        var cumulative: UInt64 = 0
        for (bound, count) in zip(histogram.bounds.rendered(encoding), histogram.counts) {
            cumulative += count
            output.bytes += text.bucketName
            if !inner.isEmpty {
                output.bytes += inner
                output.bytes.append(UInt8(ascii: ","))
            }
            output.bytes += bound
            append(count: cumulative)
        }
        append(text.sumName, labels, histogram.sum)
        output.bytes += text.countName
        output.bytes += labels.rendered
        append(count: cumulative)
    }

    private mutating func append(_ name: [UInt8], _ labels: LabelSet, _ value: Double) {
        let labels = labels.rendered
        output.bytes.append(addingCapacity: name.count + labels.count + NumberText.capacity) { output in
            output.append(contentsOf: name)
            output.append(contentsOf: labels)
            number.append(value, to: &output)
            output.append(UInt8(ascii: "\n"))
        }
    }

    private mutating func append(count: UInt64) {
        output.bytes.append(addingCapacity: NumberText.capacity) { output in
            NumberText.append(count, to: &output)
            output.append(UInt8(ascii: "\n"))
        }
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
