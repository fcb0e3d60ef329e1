import MarketData
import Yams

/// A value in a configuration file with its position, so that every error can name file, line and key.
struct ConfigurationNode {
    let file: String
    let key: String
    private let node: Node

    init(file: String, key: String, node: Node) {
        self.file = file
        self.key = key
        self.node = node
    }

    /// Reads a document; nil when it is empty.
    static func document(_ yaml: String, file: String) throws(ConfigurationError) -> ConfigurationNode? {
        try YAMLBounds.check(yaml, file: file)
        do {
            return try Yams.compose(yaml: yaml).map { ConfigurationNode(file: file, key: "", node: $0) }
        } catch let error as YamlError {
            throw ConfigurationError(yamlError: error, file: file)
        } catch {
            throw ConfigurationError(file: file, line: nil, key: "", problem: "not readable as YAML: \(error)")
        }
    }

    var line: Int? { node.mark?.line }

    /// Whether the value is missing after its key, which means the default.
    var isNull: Bool {
        if case .scalar(let scalar) = node, scalar.style == .plain {
            return ["", "~", "null"].contains(scalar.string)
        }
        return false
    }

    func error(_ problem: String) -> ConfigurationError {
        ConfigurationError(file: file, line: line, key: key, problem: problem)
    }

    /// The entries of a mapping; keys not in `known` are refused.
    func mapping(_ known: [String]) throws(ConfigurationError) -> [String: ConfigurationNode] {
        try entries { node, name throws(ConfigurationError) in
            guard known.contains(name) else {
                let hint = name.excerpt.nearest(in: known).map { "did you mean \($0)?" } ?? ""
                let expected = "known keys here: \(known.joined(separator: ", "))"
                throw node.error("unknown key; " + (hint.isEmpty ? expected : hint + " " + expected))
            }
        }
    }

    /// The entries of a mapping whose keys are the user's own, in the order written; those of merged mappings (`<<`)
    /// follow, as far as the mapping does not have them itself.
    func orderedMapping() throws(ConfigurationError) -> [(name: String, value: ConfigurationNode)] {
        guard case .mapping(let mapping) = node else { throw error("must be a mapping of keys to values") }
        var entries: [(name: String, value: ConfigurationNode)] = []
        var names: Set<String> = []
        var merged: [ConfigurationNode] = []
        for (keyNode, value) in mapping {
            let name = keyNode.scalar?.string ?? ""
            let path = key.isEmpty ? name : "\(key).\(name)"
            let entry = ConfigurationNode(file: file, key: path, node: value)
            if name == "<<", keyNode.scalar?.style == .plain {
                merged = try entry.mergedMappings()
            } else {
                names.insert(name)
                entries.append((name, entry))
            }
        }
        for source in merged {
            for (name, value) in try source.orderedMapping() where names.insert(name).inserted {
                let path = key.isEmpty ? name : "\(key).\(name)"
                entries.append((name, ConfigurationNode(file: file, key: path, node: value.node)))
            }
        }
        return entries
    }

    /// The mappings after a merge key (https://yaml.org/type/merge.html): one, or a list of which the first that has a
    /// key decides.
    private func mergedMappings() throws(ConfigurationError) -> [ConfigurationNode] {
        switch node {
        case .mapping: return [self]
        case .sequence: return try list()
        default: throw error("must be a mapping or a list of mappings, such as <<: *defaults")
        }
    }

    /// The items of a list.
    func list() throws(ConfigurationError) -> [ConfigurationNode] {
        guard case .sequence(let sequence) = node else { throw error("must be a list") }
        return sequence.enumerated().map { index, item in
            ConfigurationNode(file: file, key: "\(key)[\(index)]", node: item)
        }
    }

    /// The items of a list without duplicates, ascending.
    func uniqueList<Value: Hashable & Comparable>(
        _ read: (ConfigurationNode) throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> [Value] {
        var values: Set<Value> = []
        for item in try list() where !values.insert(try read(item)).inserted {
            throw item.error("given twice")
        }
        return values.sorted()
    }

    func string() throws(ConfigurationError) -> String {
        guard case .scalar(let scalar) = node, !isNull else { throw error("must be a text") }
        return scalar.string
    }

    func integer(_ range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        guard case .scalar(let scalar) = node, scalar.style == .plain, let value = Int(scalar.string),
            range.contains(value)
        else {
            throw error("must be a whole number from \(range.lowerBound) to \(range.upperBound)\(found)")
        }
        return value
    }

    func number(_ range: ClosedRange<Double>) throws(ConfigurationError) -> Double {
        guard case .scalar(let scalar) = node, scalar.style == .plain, let value = Double(scalar.string),
            range.contains(value)
        else {
            throw error("must be a number from \(range.lowerBound) to \(range.upperBound)\(found)")
        }
        return value
    }

    func boolean() throws(ConfigurationError) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain, ["true", "false"].contains(scalar.string) else {
            throw error("must be true or false\(found)")
        }
        return scalar.string == "true"
    }

    /// A duration in microseconds, written like `250ms`, `2s`, `1h` or `7d`.
    func duration(from lower: String, to upper: String) throws(ConfigurationError) -> Int64 {
        guard case .scalar(let scalar) = node, let value = DurationText.microseconds(scalar.string),
            let least = DurationText.microseconds(lower), let most = DurationText.microseconds(upper),
            value >= least, value <= most
        else { throw error("must be a duration from \(lower) to \(upper), such as 250ms, 30s, 1h or 7d\(found)") }
        return value
    }

    /// One of a fixed set of values.
    func choice<Value: CaseIterable & RawRepresentable<String>>(
        _: Value.Type = Value.self
    ) throws(ConfigurationError) -> Value {
        guard case .scalar(let scalar) = node, let value = Value(rawValue: scalar.string) else {
            throw error("must be one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))\(found)")
        }
        return value
    }

    func timeframe() throws(ConfigurationError) -> Timeframe {
        guard case .scalar(let scalar) = node, let timeframe = Timeframe(scalar.string) else {
            throw error("must be a bar length such as 1s, 5m, 1h or 1d, at most 7d\(found)")
        }
        return timeframe
    }

    private var found: String {
        guard case .scalar(let scalar) = node else { return ", found a list or mapping" }
        return ", found \"\(scalar.string.excerpt)\"" + (scalar.style == .plain ? "" : ", which is a text")
    }

    private func entries(
        _ check: (ConfigurationNode, String) throws(ConfigurationError) -> Void
    ) throws(ConfigurationError) -> [String: ConfigurationNode] {
        var entries: [String: ConfigurationNode] = [:]
        for (name, value) in try orderedMapping() {
            try check(value, name)
            if !value.isNull { entries[name] = value }
        }
        return entries
    }
}
