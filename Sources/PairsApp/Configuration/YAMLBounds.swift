import CYaml

/// The limits of a document, checked event by event before a tree is built from it.
///
/// Yams makes a node of each use of an alias and compares keys by their complete content, so that a short document
/// could take minutes. It has no interface for events; `CYaml` is the parser inside it.
struct YAMLBounds {
    /// The largest document in bytes.
    static let largestDocument = 2 << 20
    /// The most values, each use of an alias counted with its complete content.
    static let mostValues = 100_000
    /// How deep lists and mappings may be nested.
    static let greatestDepth = 32
    /// The longest key and the longest other text, in bytes.
    static let longestKey = 256
    static let longestText = 4096

    /// The content of an anchor.
    private struct Extent {
        var values = 1
        var depth = 0
    }

    /// A list or mapping that is not complete yet.
    private struct Level {
        let path: String
        let anchor: String?
        let isMapping: Bool
        var extent = Extent(values: 1, depth: 1)
        /// The key whose value follows, nil where a key follows.
        var key: String?
        var index = 0
    }

    private let file: String
    private var levels: [Level] = []
    private var anchors: [String: Extent] = [:]
    private var values = 0
    private var documents = 0

    private init(file: String) {
        self.file = file
    }

    /// Refuses a document that is too large, or that has parts that no configuration needs: tags, keys that are not
    /// texts, control characters, a second document. The parser of the tree refuses text that is not YAML.
    static func check(_ yaml: String, file: String) throws(ConfigurationError) {
        guard yaml.utf8.count <= largestDocument else {
            let problem = "is larger than \(largestDocument >> 20) MiB, the most that a configuration may have"
            throw ConfigurationError(file: file, line: nil, key: "", problem: problem)
        }
        var yaml = yaml
        let failure: ConfigurationError? = yaml.withUTF8 { bytes in
            var bounds = YAMLBounds(file: file)
            do throws(ConfigurationError) {
                try bounds.read(bytes)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(ConfigurationError) {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { return }
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(&parser, &event) == 1 else {
                let problem = parser.problem.map { String(cString: $0) } ?? ""
                guard problem.hasPrefix("Maximum nesting level") else { return }
                throw tooDeep(Int(clamping: parser.problem_mark.line) + 1)
            }
            defer { yaml_event_delete(&event) }
            if event.type == YAML_STREAM_END_EVENT { return }
            try read(event)
        }
    }

    private mutating func read(_ event: yaml_event_t) throws(ConfigurationError) {
        let line = Int(clamping: event.start_mark.line) + 1
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            documents += 1
            if documents > 1 { throw error(line, "a second document begins here; a configuration is one document") }
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            try refuseTag(scalar.tag, line)
            let text = Self.text(scalar.value, scalar.length)
            try check(text, line)
            try add(Extent(), anchor: scalar.anchor, key: text, line)
        case YAML_ALIAS_EVENT:
            if isKeyNext { throw error(line, "a key must be a text, not an alias") }
            // The parser of the tree refuses an anchor that is unknown here.
            guard let extent = Self.text(event.data.alias.anchor).flatMap({ anchors[$0] }) else { return }
            try add(extent, anchor: nil, key: "", line)
        case YAML_SEQUENCE_START_EVENT:
            try refuseTag(event.data.sequence_start.tag, line)
            try begin(anchor: event.data.sequence_start.anchor, isMapping: false, line)
        case YAML_MAPPING_START_EVENT:
            try refuseTag(event.data.mapping_start.tag, line)
            try begin(anchor: event.data.mapping_start.anchor, isMapping: true, line)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            guard let level = levels.popLast() else { return }
            if let anchor = level.anchor { anchors[anchor] = level.extent }
            add(level.extent)
        default:
            break
        }
    }

    private var isKeyNext: Bool { levels.last.map { $0.isMapping && $0.key == nil } ?? false }

    private var path: String {
        guard let level = levels.last else { return "" }
        guard level.isMapping else { return "\(level.path)[\(level.index)]" }
        guard let key = level.key else { return level.path }
        return level.path.isEmpty ? key : "\(level.path).\(key)"
    }

    private mutating func begin(
        anchor: UnsafeMutablePointer<UInt8>?,
        isMapping: Bool,
        _ line: Int
    ) throws(ConfigurationError) {
        if isKeyNext { throw error(line, "a key must be a text, not a list or mapping") }
        try count(Extent(), line)
        levels.append(Level(path: path, anchor: Self.text(anchor), isMapping: isMapping))
        if levels.count > Self.greatestDepth { throw tooDeep(line) }
    }

    private mutating func add(
        _ extent: Extent,
        anchor: UnsafeMutablePointer<UInt8>?,
        key: String,
        _ line: Int
    ) throws(ConfigurationError) {
        try count(extent, line)
        if let anchor = Self.text(anchor) { anchors[anchor] = extent }
        if isKeyNext {
            levels[levels.count - 1].key = key
            levels[levels.count - 1].extent.values += 1
        } else {
            add(extent)
        }
    }

    /// Adds a complete value to the list or mapping around it.
    private mutating func add(_ extent: Extent) {
        guard let last = levels.indices.last else { return }
        levels[last].extent.values += extent.values
        levels[last].extent.depth = max(levels[last].extent.depth, 1 + extent.depth)
        levels[last].key = nil
        levels[last].index += 1
    }

    private mutating func count(_ extent: Extent, _ line: Int) throws(ConfigurationError) {
        values += extent.values
        guard values <= Self.mostValues else {
            throw error(
                line,
                "the document holds more than \(Self.mostValues) values, each use of an alias counted as what it stands for"
            )
        }
        if levels.count + extent.depth > Self.greatestDepth { throw tooDeep(line) }
    }

    private func check(_ text: String, _ line: Int) throws(ConfigurationError) {
        let limit = isKeyNext ? Self.longestKey : Self.longestText
        guard text.utf8.count <= limit else {
            throw error(line, "a \(isKeyNext ? "key" : "text") of more than \(limit) bytes")
        }
        guard let control = text.firstControlCharacter else { return }
        throw error(line, "holds the control character \(control); write printable text on one line")
    }

    private func refuseTag(_ tag: UnsafeMutablePointer<UInt8>?, _ line: Int) throws(ConfigurationError) {
        guard let tag = Self.text(tag) else { return }
        throw error(line, "the tag \(tag.excerpt) is not supported; leave it out")
    }

    private func tooDeep(_ line: Int) -> ConfigurationError {
        error(line, "lists and mappings lie within each other more than \(Self.greatestDepth) deep")
    }

    private func error(_ line: Int, _ problem: String) -> ConfigurationError {
        ConfigurationError(file: file, line: line, key: path, problem: problem)
    }

    private static func text(_ start: UnsafeMutablePointer<UInt8>?, _ length: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self)
    }

    private static func text(_ start: UnsafeMutablePointer<UInt8>?) -> String? {
        start.map { String(cString: $0) }
    }
}
