/// The validated families of a registry, in the order in which they are exposed.
struct MetricCatalogue: Sendable {
    /// A class, because every scrape passes one on for every family.
    final class Entry: Sendable {
        let family: MetricFamily
        /// See ``LabelSet/signature``.
        let labelSignature: Int
        /// Every name of the family in some format.
        let names: Set<String>
        private let text: FamilyText
        private let openMetrics: FamilyText
        private let protobuf: FamilyText

        init(_ family: MetricFamily) {
            self.family = family
            names = MetricCatalogue.exposedNames(of: family)
            labelSignature = LabelSet.signature(of: family.labelNames)
            text = FamilyText(family, .text)
            openMetrics = FamilyText(family, .openMetrics)
            protobuf = FamilyText(family, .protobuf)
        }

        func text(_ encoding: ExpositionFormat.Encoding) -> FamilyText {
            switch encoding {
            case .text, .textUTF8: text
            case .openMetrics: openMetrics
            case .protobuf: protobuf
            }
        }
    }

    let entries: [Entry]
    private let positions: [String: Int]

    init(_ families: [MetricFamily]) throws(MetricsError) {
        var positions: [String: Int] = [:]
        var used: Set<String> = []
        for (position, family) in families.enumerated() {
            try family.validate()
            for name in Self.exposedNames(of: family) where !used.insert(name).inserted {
                throw .nameClash(name: name)
            }
            positions[family.name] = position
        }
        self.positions = positions
        entries = families.map(Entry.init)
    }

    /// The position of the family of this name, if there is one.
    func position(of name: String) -> Int? {
        positions[name]
    }

    /// Every name of this family in some format.
    static func exposedNames(of family: MetricFamily) -> Set<String> {
        var names: Set = [family.name, family.openMetricsName]
        if family.kind == .histogram {
            names.formUnion(["_bucket", "_sum", "_count"].map { family.name + $0 })
        }
        return names
    }
}
