import PrometheusExposition
import Testing

@Suite struct LabelTableTests {
    private static let family = MetricFamily("demo_value", .gauge, help: "Any.", labelNames: ["pair"])

    private func render(
        _ format: ExpositionFormat,
        _ write: @escaping @Sendable (inout SampleWriter) -> Void
    ) throws -> [UInt8] {
        let collector = ClosureCollector { $0.family(Self.family, write) }
        return try MetricsRegistry(families: [Self.family], collectors: [collector]).render(format)
    }

    private static func value(_ position: Int) -> Double? {
        switch position % 7 {
        case 0: nil
        case 1: .nan
        case 2: Double(position)
        default: 1 / Double(position)
        }
    }

    @Test(
        "a table writes what its sets write one by one, values that do not exist left out",
        arguments: [ExpositionFormat.text, .openMetrics, .protobuf],
        [0, 1, 63, 64, 65, 1000]
    )
    func table(format: ExpositionFormat, count: Int) throws {
        let sets = (0..<count).map { LabelSet([(name: "pair", value: "\"\($0)\"")]) }
        let table = LabelTable(sets)
        let atOnce = try render(format) { $0.write(table, value: Self.value) }
        let oneByOne = try render(format) { samples in
            for (position, labels) in sets.enumerated() { samples.write(Self.value(position), labels: labels) }
        }
        #expect(atOnce == oneByOne)
    }

    @Test(
        "a table whose sets are followed by others writes what these sets write one by one",
        arguments: [ExpositionFormat.text, .openMetrics, .protobuf],
        [0, 1, 65]
    )
    func endings(format: ExpositionFormat, count: Int) throws {
        let family = MetricFamily("demo_value", .gauge, help: "Any.", labelNames: ["pair", "leg", "side"])
        let sets = (0..<count).map { LabelSet([(name: "pair", value: "\"\($0)\"")]) }
        let endings: [LabelSet] = ["y", "x", "\\"].map { ["leg": $0, "side": "bid"] }
        let table = LabelTable(LabelTable(sets), followedBy: endings)
        let all = sets.flatMap { set in endings.map { set.appending($0) } }
        #expect(table.count == all.count)
        #expect(all.indices.allSatisfy { table[$0] == all[$0] })
        func render(_ write: @escaping @Sendable (inout SampleWriter) -> Void) throws -> [UInt8] {
            let collector = ClosureCollector { $0.family(family, write) }
            return try MetricsRegistry(families: [family], collectors: [collector]).render(format)
        }
        let oneByOne = try render { samples in
            for (position, labels) in all.enumerated() { samples.write(Self.value(position), labels: labels) }
        }
        #expect(try render { $0.write(table, value: Self.value) } == oneByOne)
        let some = all.indices.filter { $0 % 3 != 1 }
        let ones = try render { samples in for position in some { samples.write(1, labels: all[position]) } }
        #expect(try render { $0.writeOnes(table, at: some) } == ones)
    }

    @Test("no value is requested after the end")
    func end() throws {
        let table = LabelTable((0..<200).map { ["pair": "\($0)"] })
        let body = try render(.text) { samples in
            samples.write(table, upTo: 2) { position in
                #expect(position < 2)
                return 1
            }
        }
        #expect(
            String(decoding: body, as: UTF8.self).hasSuffix("\ndemo_value{pair=\"0\"} 1\ndemo_value{pair=\"1\"} 1\n")
        )
    }

    @Test("a table with other label names than the family's is refused, and so is one with mixed names")
    func mismatch() {
        for table in [LabelTable([["leg": "y"]]), LabelTable([["pair": "a"], ["leg": "y"]])] {
            #expect(throws: MetricsError.labelMismatch(family: "demo_value", expected: ["pair"], found: ["leg"])) {
                try render(.text) { $0.write(table) { _ in 1 } }
            }
        }
    }
}
