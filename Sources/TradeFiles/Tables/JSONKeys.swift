import TradeFeeds

/// Maps the keys of a JSON object to the columns of a table.
struct JSONKeys {
    private let names: [[UInt8]]
    private let positions: [String: Int]
    /// Whether each column has a meaning, so that its values must be plain.
    private let hasMeaning: [Bool]
    /// The plain names of all meanings without a column.
    private let unplacedNames: Set<String>

    init(_ header: TableHeader) {
        names = header.columns.map { Array($0.name.utf8) }
        positions = Dictionary(
            header.columns.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let meaningful = Set(ColumnName.allCases.compactMap { header.position(of: $0) })
        hasMeaning = header.columns.indices.map(meaningful.contains)
        unplacedNames = Set(ColumnName.allCases.filter { header.position(of: $0) == nil }.flatMap(\.names))
    }

    /// The keys of a line in their order; nil when it is not a JSON object.
    static func names(_ line: RawSpan) -> [String]? {
        var names: [String] = []
        do throws(DecodeFailure) {
            try read(line) { key, _ in names.append(FieldSplitter.text(line, key.start..<key.end)) }
        } catch {
            return nil
        }
        return names
    }

    /// Assigns the values of a line to the cells of their columns; a cell without a value, or with null, is empty.
    /// - Throws: ``RowFault`` when the line is not a JSON object, or the value of a column is ambiguous.
    func split(_ line: RawSpan, into fields: inout [Range<Int>]) throws(RowFault) {
        fields.removeAll(keepingCapacity: true)
        fields.append(contentsOf: repeatElement(0..<0, count: names.count))
        var expected = 0
        var unplaced: String?
        do throws(DecodeFailure) {
            try Self.read(line) { key, value throws(DecodeFailure) in
                guard let position = position(of: key, in: line, expected: expected) else {
                    let name = FieldSplitter.text(line, key.start..<key.end)
                    if unplacedNames.contains(ColumnName.plain(name)) { unplaced = name }
                    return
                }
                expected = position + 1
                guard fields[position].isEmpty else { throw .duplicateField }
                switch value.kind {
                case .null: break
                case .escapedString where hasMeaning[position]: throw .unsupportedEscape
                case .object where hasMeaning[position], .array where hasMeaning[position]: throw .wrongType
                default: fields[position] = value.start..<value.end
                }
            }
        } catch {
            throw RowFault(json: error, line)
        }
        guard let unplaced else { return }
        throw RowFault(
            .json,
            "the key \(RowFault.excerpt(unplaced)) is on none of the first rows; "
                + "write it on the first row too, with null where there is no value"
        )
    }

    private func position(of key: JSONValue, in line: RawSpan, expected: Int) -> Int? {
        if expected < names.count, names[expected].count == key.end - key.start,
            (key.start..<key.end).elementsEqual(
                names[expected],
                by: { line.unsafeLoad(fromByteOffset: $0, as: UInt8.self) == $1 }
            )
        {
            return expected
        }
        return positions[FieldSplitter.text(line, key.start..<key.end)]
    }

    /// Reads and checks a complete object.
    private static func read(
        _ line: RawSpan,
        _ body: (JSONValue, JSONValue) throws(DecodeFailure) -> Void
    ) throws(DecodeFailure) {
        var cursor = JSONCursor()
        try cursor.expect(UInt8(ascii: "{"), in: line)
        if try !cursor.skip(UInt8(ascii: "}"), in: line) {
            repeat {
                let key = try cursor.string(in: line)
                guard key.kind == .string else { throw .unsupportedEscape }
                try cursor.expect(UInt8(ascii: ":"), in: line)
                try body(key, try cursor.value(in: line))
            } while try cursor.skip(UInt8(ascii: ","), in: line)
            try cursor.expect(UInt8(ascii: "}"), in: line)
        }
        try cursor.expectEnd(of: line)
    }
}
