import Foundation
import PairEngine
import Testing

@testable import PairsApp

/// The limits of a document, whatever its keys mean.
@Suite struct ConfigurationDocumentTests {
    /// A list of nine, and thirty lists each of which is nine times the one before.
    private static let laughs =
        "a0: &a0 [lol]\n"
        + (1..<30).map { level in
            "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ","))]\n"
        }.joined()

    private static let manyKeys = (0..<60_000).map { "k\($0): 1\n" }.joined()

    private static let documents: [(yaml: String, message: String)] = [
        (laughs, "holds more than 100000 values, each use of an alias counted as what it stands for"),
        ("\(laughs)? *a29\n: 1\n", "holds more than 100000 values"),
        ("a: &a {k: v}\n? *a\n: 1\n", "f.yml:2: a key must be a text, not an alias"),
        ("? [a]\n: 1\n", "f.yml:1: a key must be a text, not a list or mapping"),
        ("feeds: \(String(repeating: "[", count: 200_000))", "lie within each other more than 32 deep"),
        ("feeds:\n  \(String(repeating: "- ", count: 50_000))a", "lie within each other more than 32 deep"),
        ("\(String(repeating: "? ", count: 50_000))a", "a key must be a text, not a list or mapping"),
        ("feeds: &a [*a]", "f.yml:1: not valid YAML: found undefined alias"),
        ("# \(String(repeating: "x", count: 3_000_000))", "f.yml: is larger than 2 MiB"),
        ("price: \(String(repeating: "x", count: 5000))", "f.yml:1: price: a text of more than 4096 bytes"),
        ("\(String(repeating: "x", count: 300)): 1", "f.yml:1: a key of more than 256 bytes"),
        (manyKeys, "holds more than 100000 values"),
        ("storage: {path: \"a\\0b\"}", "f.yml:1: storage.path: holds the control character U+0000"),
        ("pairs: [{name: \"a\\nb\"}]", "f.yml:1: pairs[0].name: holds the control character U+000A"),
        ("price: \"\\u2028\"", "f.yml:1: price: holds the control character U+2028"),
        ("windows: !!set {a}", "f.yml:1: windows: the tag tag:yaml.org,2002:set is not supported; leave it out"),
        ("price: log\n---\nprice: log", "f.yml:2: a second document begins here"),
        ("bars: {<<: 1}", "f.yml:1: bars.<<: must be a mapping or a list of mappings"),
    ]

    @Test(
        "A document that is too large, or has parts that no configuration needs, is refused before a tree is built",
        .timeLimit(.minutes(1)),
        arguments: documents
    )
    func refused(yaml: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try Configuration(yaml: yaml, file: "f.yml") }
        #expect(
            error?.description.contains(message) == true,
            "\(error?.description.prefix(300) ?? "nothing was thrown")"
        )
    }

    @Test(
        "Anchors, aliases and merge keys read as written out; a key of the mapping itself decides, then the first merged"
    )
    func merges() throws {
        let configuration = try Configuration(
            yaml: """
                feeds: [{venue: binance-usdm}]
                pairs:
                  - &first {y: "binance-usdm:A", x: &driver "binance-usdm:B", windows: &windows [50, 60], price: level}
                  - {<<: *first, y: "binance-usdm:C", price: log}
                  - {<<: [{y: "binance-usdm:D", windows: [70]}, *first], x: *driver}
                windows: *windows
                """,
            file: "f.yml"
        )
        #expect(configuration.pairs.map(\.name) == ["A-B", "C-B", "D-B"])
        #expect(configuration.pairs.map(\.settings.windows) == [[50, 60], [50, 60], [70]])
        #expect(configuration.pairs.map(\.settings.price) == [.level, .log, .level])
        #expect(configuration.pairDefaults.windows == [50, 60])
    }

    @Test("A symbol that is not a name has a default name in which each other character is replaced by its code")
    func unicodeName() throws {
        let yaml = "pairs: [{y: \"binance-usdm:币安人生USDT\", x: \"binance-usdm:BTCUSDT\"}]"
        let configuration = try Configuration(yaml: yaml, file: "f.yml")
        #expect(configuration.pairs.map(\.name) == ["u5E01u5B89u4EBAu751FUSDT-BTCUSDT"])
    }

    @Test(
        "Each kind of unreadable text has a message of its own",
        arguments: [
            ("/dev/zero", "/dev/zero: is a device; name a file"), ("/", "/: is a folder; name a file in it"),
            ("/nowhere/f.yml", "/nowhere/f.yml: does not exist"),
        ]
    )
    func noText(path: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationSource(file: path).load() }
        #expect(error?.description == message)
    }

    @Test("Bytes that are not UTF-8 are named by their encoding or value")
    func encodings() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "encodings-\(UUID().uuidString).yml").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let documents: [(bytes: [UInt8], problem: String)] = [
            ([0xFF, 0xFE, 0x61, 0], "is UTF-16 text; save it as UTF-8"), ([0x61, 0xC3], "is not UTF-8 text"),
        ]
        for (bytes, problem) in documents {
            try Data(bytes).write(to: URL(filePath: path))
            let error = #expect(throws: ConfigurationError.self) { try ConfigurationSource(file: path).load() }
            #expect(error?.description == "\(path): \(problem)")
        }
    }
}
