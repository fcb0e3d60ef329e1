/// What is wrong with a catalogue of metric families, or with what a collector wrote.
///
/// All of them are mistakes in the program, not in its input; a scrape then responds with status 500.
package enum MetricsError: Error, Hashable, CustomStringConvertible {
    /// A family breaks a naming rule.
    case invalidFamily(name: String, reason: String)
    /// Two families of the catalogue would produce samples of the same name.
    case nameClash(name: String)
    /// A collector wrote a family that is not in the catalogue.
    case unknownFamily(name: String)
    /// A sample carries other labels than its family declares.
    case labelMismatch(family: String, expected: [String], found: [String])
    /// A histogram was written instead of a single value, or the reverse.
    case kindMismatch(family: String, kind: MetricKind)

    /// The mistake in one sentence, and what to do about it.
    package var description: String {
        switch self {
        case .invalidFamily(let name, let reason):
            "metric family \(name): \(reason)"
        case .nameClash(let name):
            "metric name \(name) is produced by two families; rename one of them"
        case .unknownFamily(let name):
            "metric family \(name) is not in the registry's catalogue; add it to the families of the registry"
        case .labelMismatch(let family, let expected, let found):
            "metric family \(family) declares the labels [\(expected.joined(separator: ", "))], "
                + "a sample carries [\(found.joined(separator: ", "))]"
        case .kindMismatch(let family, let kind):
            "metric family \(family) is a \(kind); write \(kind == .histogram ? "a histogram" : "one value") per sample"
        }
    }
}
