/// What collectors write into during one scrape.
///
/// Samples are encoded as they come, into one section per family, so that all samples of a family end up together and
/// the families in the order of the catalogue, whichever collectors they come from.
public struct MetricsWriter {
    private let catalogue: MetricCatalogue
    private let purpose: SampleWriter.Purpose
    private var sections: [MetricSection]
    private var failure: MetricsError?

    /// The number of series written so far.
    public private(set) var seriesCount = 0

    /// - Parameter spare: Emptied sections of an earlier rendering, whose memory is used again.
    init(_ catalogue: MetricCatalogue, _ purpose: SampleWriter.Purpose, reusing spare: [MetricSection]?) {
        self.catalogue = catalogue
        self.purpose = purpose
        sections = spare ?? Array(repeating: MetricSection(), count: catalogue.entries.count)
    }

    /// Writes samples of one family, after those that were written to it before.
    ///
    /// A family without a sample is left out of the exposition. A family that the registry does not know makes the
    /// rendering fail with ``MetricsError/unknownFamily(name:)``.
    public mutating func family(_ family: MetricFamily, _ write: (inout SampleWriter) -> Void) {
        guard let position = catalogue.position(of: family.name) else {
            failure = failure ?? .unknownFamily(name: family.name)
            return
        }
        var section = MetricSection()
        // Two owners of the bytes would make appending copy them.
        swap(&section, &sections[position])
        let seriesBefore = section.seriesCount
        var writer = SampleWriter(catalogue.entries[position], purpose, section)
        write(&writer)
        failure = failure ?? writer.failure
        sections[position] = writer.finish()
        seriesCount += sections[position].seriesCount - seriesBefore
    }

    /// Writes one sample of a family; see ``SampleWriter/write(_:labels:)-(Double?,_)``.
    public mutating func write(_ value: Double?, _ family: MetricFamily, labels: LabelSet = .empty) {
        self.family(family) { $0.write(value, labels: labels) }
    }

    /// The sections without their samples, for the next rendering.
    consuming func emptiedSections() -> [MetricSection] {
        var sections = sections
        for position in sections.indices {
            sections[position].removeAll()
        }
        return sections
    }

    /// The exposition of the families with these names, or of all.
    func exposition(_ encoding: ExpositionFormat.Encoding, names: Set<String>?) throws(MetricsError) -> [UInt8] {
        if let failure { throw failure }
        let chosen = zip(catalogue.entries, sections).filter { entry, section in
            !section.bytes.isEmpty && names.map { !$0.isDisjoint(with: entry.names) } ?? true
        }.map { entry, section in (header: entry.text(encoding).header, bytes: section.bytes) }
        let end = Array((encoding == .openMetrics ? "# EOF\n" : "").utf8)
        var bytes: [UInt8] = []
        // A length takes ten bytes at most.
        bytes.reserveCapacity(chosen.reduce(end.count) { $0 + 10 + $1.header.count + $1.bytes.count })
        for family in chosen {
            if encoding == .protobuf {
                ProtobufWriter.appendVarint(UInt64(family.header.count + family.bytes.count), to: &bytes)
            }
            bytes += family.header
            bytes += family.bytes
        }
        bytes += end
        return bytes
    }

    /// All samples, in the order of the catalogue.
    func samples() throws(MetricsError) -> [GatheredSample] {
        if let failure { throw failure }
        return sections.flatMap(\.samples)
    }
}
