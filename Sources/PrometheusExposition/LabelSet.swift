/// The labels of one series, rendered once and reused by every sample and every scrape.
///
/// ```swift
/// let labels: LabelSet = ["pair": "ETHUSDT-BTCUSDT", "timeframe": "1m", "window": "240"]
/// ```
/// Names must be those of the family's ``MetricFamily/labelNames``, in that order.
package struct LabelSet: Sendable, Hashable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
    /// No labels.
    package static let empty = LabelSet([])

    /// Names and values, unescaped.
    package let pairs: [(name: String, value: String)]
    /// The text after the name of a sample: the labels in braces, if there are any, and a space.
    let rendered: [UInt8]
    /// Equal for sets with the same names in the same order, within one process.
    let signature: Int

    /// Labels in the order given.
    package init(_ pairs: some Sequence<(name: String, value: String)>) {
        self.pairs = Array(pairs)
        rendered = Self.render(self.pairs)
        signature = Self.signature(of: self.pairs.map(\.name))
    }

    /// Labels in the order written.
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (name: $0.0, value: $0.1) })
    }

    /// These labels followed by one more.
    package func appending(_ name: String, _ value: String) -> LabelSet {
        LabelSet(pairs + [(name: name, value: value)])
    }

    /// These labels followed by others.
    package func appending(_ labels: LabelSet) -> LabelSet {
        LabelSet(pairs + labels.pairs)
    }

    /// The labels between name and value of a sample, such as `{pair="a",window="60"}`.
    package var description: String { String(decoding: rendered.dropLast(), as: UTF8.self) }

    static func signature(of names: [String]) -> Int {
        names.hashValue
    }

    private static func render(_ pairs: [(name: String, value: String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in pairs {
            bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
            bytes += name.utf8
            bytes += "=\"".utf8
            TextEscaping.appendQuoted(value, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes += (bytes.isEmpty ? " " : "} ").utf8
        return bytes
    }

    /// Whether two sets have the same names and values in the same order.
    package static func == (left: LabelSet, right: LabelSet) -> Bool {
        left.rendered == right.rendered
    }

    /// Hashes names and values.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(rendered)
    }
}
