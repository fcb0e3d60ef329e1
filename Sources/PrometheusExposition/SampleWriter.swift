/// Receives the samples of one family; see ``MetricsWriter/family(_:_:)``.
package struct SampleWriter: ~Copyable {
    /// How samples are used.
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
    package mutating func write(_ value: Double?, labels: LabelSet = .empty) {
        guard let value, value.isFinite, accepts(labels, histogram: false) else { return }
        switch purpose {
        case .exposition(.protobuf):
            MetricMessage.append(value, kind: entry.family.kind, labels: labels, to: &output.bytes)
        case .exposition:
            append(value, labels)
        case .gathering:
            output.samples.append(GatheredSample(family: entry.family, labels: labels, value: value))
        }
        output.seriesCount += 1
    }

    /// Writes one sample of a counter, gauge or info metric for each set of labels that has a value.
    /// - Parameters:
    ///   - end: the first position from which on no set has a value.
    ///   - value: the value of the set at a position; absent as in ``write(_:labels:)-(Double?,_)``.
    package mutating func write(_ table: LabelTable, upTo end: Int = .max, value: (Int) -> Double?) {
        let positions = 0..<max(0, min(table.count, end))
        guard isText, table.isUniform else {
            for position in positions {
                // Labels are created only for values.
                if let value = value(position) { write(value, labels: table[position]) }
            }
            return
        }
        guard let first = positions.first, accepts(table[first], histogram: false) else { return }
        var bytes = detachBytes()
        output.seriesCount +=
            table.endingTexts.isEmpty
            ? Self.append(positions, of: table, name.span, number, to: &bytes, value)
            : Self.appendEnded(positions, of: table, name.span, number, to: &bytes, value)
        swap(&bytes, &output.bytes)
    }

    /// Writes 1 for some of the sets of a table.
    /// - Parameter positions: the positions of these sets, in the order of the samples.
    package mutating func writeOnes(_ table: LabelTable, at positions: [Int]) {
        guard isText, table.isUniform else {
            for position in positions { write(1, labels: table[position]) }
            return
        }
        guard let first = positions.first, accepts(table[first], histogram: false) else { return }
        var bytes = detachBytes()
        for position in positions {
            output.seriesCount += Self.appendEnded(
                position..<(position + 1),
                of: table,
                name.span,
                number,
                to: &bytes
            ) { _ in 1 }
        }
        swap(&bytes, &output.bytes)
    }

    private var isText: Bool {
        if case .exposition(let encoding) = purpose { encoding != .protobuf } else { false }
    }

    /// Writes the cumulative buckets, the sum and the count of one histogram.
    package mutating func write(_ histogram: HistogramData, labels: LabelSet = .empty) {
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
        // `{a="b"} ` without its braces, to append `le`.
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
        let capacity = text.sumName.count + labels.rendered.count + NumberText.capacity
        output.bytes.append(addingCapacity: capacity) { output in
            Self.append(histogram.sum, text.sumName.span, labels.rendered.span, number, to: &output)
        }
        output.bytes += text.countName
        output.bytes += labels.rendered
        append(count: cumulative)
    }

    private mutating func append(_ value: Double, _ labels: LabelSet) {
        var bytes = detachBytes()
        bytes.append(addingCapacity: name.count + labels.rendered.count + NumberText.capacity) { output in
            Self.append(value, name.span, labels.rendered.span, number, to: &output)
        }
        swap(&bytes, &output.bytes)
    }

    /// Moves the bytes out of this value, so that its name can be borrowed meanwhile: passing an array on would count
    /// its references for each sample.
    private mutating func detachBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        swap(&bytes, &output.bytes)
        return bytes
    }

    /// Appends a line for each value, and returns the number of lines.
    private static func append(
        _ positions: Range<Int>,
        of table: LabelTable,
        _ name: Span<UInt8>,
        _ number: NumberText,
        to bytes: inout [UInt8],
        _ value: (Int) -> Double?
    ) -> Int {
        var count = 0
        let labels = table.rendered.span
        let bounds = table.bounds.span
        // Capacity is reserved once for 64 lines, but not for all, most of which need much less.
        for start in stride(from: 0, to: positions.upperBound, by: 64) {
            let end = min(start + 64, positions.upperBound)
            let capacity = (end - start) * (name.count + NumberText.capacity) + bounds[end] - bounds[start]
            bytes.append(addingCapacity: capacity) { output in
                for position in start..<end {
                    guard let value = value(position), value.isFinite else { continue }
                    let labels = labels.extracting(bounds[position]..<bounds[position + 1])
                    append(value, name, labels, number, to: &output)
                    count += 1
                }
            }
        }
        return count
    }

    /// The same for a table with endings.
    private static func appendEnded(
        _ positions: Range<Int>,
        of table: LabelTable,
        _ name: Span<UInt8>,
        _ number: NumberText,
        to bytes: inout [UInt8],
        _ value: (Int) -> Double?
    ) -> Int {
        var count = 0
        let texts = table.rendered.span
        let constant = name.count + NumberText.capacity + table.longestEnding
        for position in positions {
            guard let value = value(position), value.isFinite else { continue }
            let (start, ending) = table.text(at: position)
            bytes.append(addingCapacity: constant + start.count) { output in
                output.append(contentsOf: name)
                output.append(contentsOf: texts.extracting(start))
                if let ending {
                    let text = table.endingTexts[ending]
                    output.append(contentsOf: text.span)
                }
                number.append(value, to: &output)
                output.append(UInt8(ascii: "\n"))
            }
            count += 1
        }
        return count
    }

    /// Appends one line.
    @inline(__always)
    private static func append(
        _ value: Double,
        _ name: Span<UInt8>,
        _ labels: Span<UInt8>,
        _ number: NumberText,
        to output: inout OutputSpan<UInt8>
    ) {
        output.append(contentsOf: name)
        output.append(contentsOf: labels)
        number.append(value, to: &output)
        output.append(UInt8(ascii: "\n"))
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
