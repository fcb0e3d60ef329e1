import PairsApp
import TradeFeeds
import TradeFiles

/// The columns of a table that have the values of the legs.
enum ColumnChoice {
    /// Each leg has a column of its own.
    case wide([Int])
    /// Each row belongs to one symbol, and one column has the prices of all.
    case long(symbol: Int, price: Int)

    /// Finds the columns.
    /// - Throws: where a name is not a column, or names several; a table in long format has any symbol until it is
    ///   read.
    init(_ names: [String], in header: TableHeader, file: String) throws(AnalysisError) {
        let matches = names.map { Self.columns(named: $0, in: header) }
        if matches.allSatisfy(\.isEmpty), let symbol = header.position(of: .symbol),
            let price = header.position(of: .close) ?? header.position(of: .price)
        {
            self = .long(symbol: symbol, price: price)
            return
        }
        var positions: [Int] = []
        for (name, found) in zip(names, matches) {
            guard let position = found.first else {
                throw AnalysisError(Self.missing(name, in: header), file: file, line: header.lastLine)
            }
            guard found.count == 1 else {
                throw AnalysisError(Self.ambiguous(name, found, in: header), file: file, line: header.lastLine)
            }
            positions.append(position)
        }
        if positions.count > 1, positions[0] == positions[1] {
            throw AnalysisError(
                "--y and --x are both the column \(Self.label(header.columns[positions[0]])); name two columns",
                file: file,
                line: header.lastLine
            )
        }
        self = .wide(positions)
    }

    /// Refuses a table in which the name of a used column is ambiguous.
    /// - Throws: where a column of time, symbols or prices has the name of another one.
    func checkNames(_ header: TableHeader, file: String) throws(AnalysisError) {
        var used = header.position(of: .time).map { [$0] } ?? []
        if case .long(let symbol, let price) = self { used += [symbol, price] }
        for position in used {
            let column = header.columns[position]
            let count = header.columns.count { $0 == column }
            guard count > 1 else { continue }
            throw AnalysisError(Self.repeated(Self.label(column), count), file: file, line: header.lastLine)
        }
    }

    /// The name of a column as a user may write it.
    static func label(_ column: TableHeader.Column) -> String {
        RowFault.excerpt(column.ticker.map { "\(column.name) \($0)" } ?? column.name)
    }

    /// Whether a line with these names may be the header.
    static func isHeader(_ plainNames: Set<String>, for names: [String]) -> Bool {
        let isWide = names.allSatisfy { plainNames.contains(ColumnName.plain($0)) }
        let isLong =
            !plainNames.isDisjoint(with: ColumnName.symbol.names)
            && !plainNames.isDisjoint(with: ColumnName.close.names + ColumnName.price.names)
        return isWide || isLong
    }

    /// The columns with a name: those with exactly this name, otherwise those that differ from it in case, otherwise
    /// those that differ in the separators between words.
    private static func columns(named name: String, in header: TableHeader) -> [Int] {
        for key in [{ $0 }, { $0.lowercased() }, ColumnName.plain] as [(String) -> String] {
            let wanted = key(name)
            guard !wanted.isEmpty else { continue }
            let found = header.columns.indices.filter { names(of: header.columns[$0]).contains { key($0) == wanted } }
            if !found.isEmpty { return closes(found) { header.columns[$0].ticker } }
            let fields = header.columns.indices.filter { header.columns[$0].ticker.map(key) == wanted }
            if !fields.isEmpty { return closes(fields) { header.columns[$0].name } }
        }
        return []
    }

    private static func names(of column: TableHeader.Column) -> [String] {
        guard let ticker = column.ticker else { return [column.name] }
        let field = column.name
        return [field, "\(field) \(ticker)", "\(field)/\(ticker)", "\(ticker) \(field)", "\(ticker)/\(field)"]
    }

    /// Of the fields of one ticker the close, where there is one; either line of the header may have the fields.
    private static func closes(_ columns: [Int], field: (Int) -> String?) -> [Int] {
        let closes = columns.filter { field($0).map(ColumnName.plain) == "close" }
        return closes.isEmpty ? columns : closes
    }

    private static func missing(_ name: String, in header: TableHeader) -> String {
        let labels = header.columns.map(label).filter { !$0.isEmpty }
        let nearest = name.nearest(in: labels).map { "; did you mean \"\($0)\"?" } ?? ""
        return
            "has no column \"\(RowFault.excerpt(name))\"; its columns are \(labels.joined(separator: ", "))\(nearest)"
    }

    private static func repeated(_ label: String, _ count: Int) -> String {
        "\(count == 2 ? "two" : "\(count)") columns are named `\(label)`; rename one of them, or remove it"
    }

    private static func ambiguous(_ name: String, _ found: [Int], in header: TableHeader) -> String {
        let labels = found.map { label(header.columns[$0]) }
        if Set(labels).count == 1 { return repeated(labels[0], found.count) }
        return "\"\(RowFault.excerpt(name))\" may be \(labels.joined(separator: " or ")); write one of these"
    }
}
