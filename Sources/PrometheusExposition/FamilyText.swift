/// The constant parts of a family's text, made once per family and encoding.
struct FamilyText: Sendable {
    /// The `# TYPE`, `# HELP` and, in OpenMetrics, `# UNIT` lines; in protobuf the fields before the metrics.
    let header: [UInt8]
    /// The name of a plain sample.
    let name: [UInt8]
    /// The names of a histogram's samples.
    let bucketName: [UInt8]
    let sumName: [UInt8]
    let countName: [UInt8]

    init(_ family: MetricFamily, _ encoding: ExpositionFormat.Encoding) {
        header =
            switch encoding {
            case .text, .textUTF8: Self.textHeader(family)
            case .openMetrics: Self.openMetricsHeader(family)
            case .protobuf: MetricMessage.header(of: family)
            }
        name = Array(family.name.utf8)
        bucketName = name + "_bucket{".utf8
        sumName = name + "_sum".utf8
        countName = name + "_count".utf8
    }

    private static func textHeader(_ family: MetricFamily) -> [UInt8] {
        var bytes = Array("# HELP \(family.name) ".utf8)
        TextEscaping.appendHelp(family.help, to: &bytes)
        bytes += "\n# TYPE \(family.name) \(family.kind.typeName)\n".utf8
        return bytes
    }

    private static func openMetricsHeader(_ family: MetricFamily) -> [UInt8] {
        let name = family.openMetricsName
        var bytes = Array("# TYPE \(name) \(family.kind.typeName)\n".utf8)
        if let unit = family.unit {
            bytes += "# UNIT \(name) \(unit)\n".utf8
        }
        bytes += "# HELP \(name) ".utf8
        TextEscaping.appendQuoted(family.help, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}
