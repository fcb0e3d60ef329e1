/// Receives the samples of collectors during one scrape.
///
/// Samples are encoded in the order of their arrival. Where collectors write the families in the order of the
/// catalogue, the result is the exposition; otherwise it is reordered at the end, so that all samples of a family are
/// together.
package struct MetricsWriter {
    /// The samples that one call wrote of one family.
    private struct Chunk {
        let position: Int
        let range: Range<Int>
    }

    private let catalogue: MetricCatalogue
    private let purpose: SampleWriter.Purpose
    private var output: MetricOutput
    private var chunks: [Chunk] = []
    private var hasHeader: [Bool]
    private var failure: MetricsError?

    /// The number of series written so far.
    package var seriesCount: Int { output.seriesCount }

    /// - Parameter capacity: the size in bytes of an earlier rendering.
    init(_ catalogue: MetricCatalogue, _ purpose: SampleWriter.Purpose, capacity: Int) {
        self.catalogue = catalogue
        self.purpose = purpose
        output = MetricOutput()
        output.bytes.reserveCapacity(capacity)
        hasHeader = Array(repeating: false, count: catalogue.entries.count)
    }

    /// Writes samples of one family, after the earlier ones of that family.
    ///
    /// A family without a sample is left out of the exposition. A family that is not in the catalogue makes the
    /// rendering fail with ``MetricsError/unknownFamily(name:)``.
    package mutating func family(_ family: MetricFamily, _ write: (inout SampleWriter) -> Void) {
        guard let position = catalogue.position(of: family.name) else {
            failure = failure ?? .unknownFamily(name: family.name)
            return
        }
        let entry = catalogue.entries[position]
        let start = output.bytes.count
        if case .exposition(let encoding) = purpose, !hasHeader[position] {
            output.bytes += entry.text(encoding).header
        }
        let samplesStart = output.bytes.count
        var detached = MetricOutput()
        // Appending would copy the bytes while they have two owners.
        swap(&detached, &output)
        var writer = SampleWriter(entry, purpose, consume detached)
        write(&writer)
        failure = failure ?? writer.failure
        output = writer.finish()
        if output.bytes.count == samplesStart {
            output.bytes.removeSubrange(start...)
        } else {
            hasHeader[position] = true
            chunks.append(Chunk(position: position, range: start..<output.bytes.count))
        }
    }

    /// Writes one sample of a family; see ``SampleWriter/write(_:labels:)-(Double?,_)``.
    package mutating func write(_ value: Double?, _ family: MetricFamily, labels: LabelSet = .empty) {
        self.family(family) { $0.write(value, labels: labels) }
    }

    /// The exposition of the families with these names, or of all.
    mutating func exposition(
        _ encoding: ExpositionFormat.Encoding,
        names: Set<String>?
    ) throws(MetricsError) -> [UInt8] {
        if let failure { throw failure }
        let isInOrder = zip(chunks, chunks.dropFirst()).allSatisfy { $0.position < $1.position }
        if !isInOrder || names != nil || encoding == .protobuf {
            output.bytes = ordered(encoding: encoding, names: names)
        }
        if encoding == .openMetrics { output.bytes += "# EOF\n".utf8 }
        return output.bytes
    }

    /// All samples, in the order of the catalogue.
    func samples() throws(MetricsError) -> [GatheredSample] {
        if let failure { throw failure }
        return output.samples.enumerated().sorted { left, right in
            let positions = [left, right].map { catalogue.position(of: $0.element.family.name) ?? 0 }
            return (positions[0], left.offset) < (positions[1], right.offset)
        }.map(\.element)
    }

    private func ordered(encoding: ExpositionFormat.Encoding, names: Set<String>?) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(output.bytes.count + 10 * chunks.count)
        for (position, chunks) in Dictionary(grouping: chunks, by: \.position).sorted(by: { $0.key < $1.key }) {
            if let names, names.isDisjoint(with: catalogue.entries[position].names) { continue }
            if encoding == .protobuf {
                ProtobufWriter.appendVarint(UInt64(chunks.reduce(0) { $0 + $1.range.count }), to: &bytes)
            }
            for chunk in chunks { bytes += output.bytes[chunk.range] }
        }
        return bytes
    }
}
