import PairsApp
import TradeFeeds
import TradeFiles

/// The values of one or two series of a file, in order of time, with a description of the file.
struct PriceTable {
    /// The values of each series, all of the same length.
    let values: [[Double]]
    /// The file as the report describes it.
    let source: AnalysisSource

    /// Reads the series.
    /// - Parameters:
    ///   - path: a file, or `-` for standard input.
    ///   - series: role and name of each: a column, a ticker of the header, or a symbol of a table in long format.
    ///   - mustBePositive: whether each value must have a logarithm.
    ///   - window: how many rows there must be, at least one.
    /// - Throws: also where a row cannot be read, rows of one time differ, or too few are left.
    init(
        _ path: String,
        _ series: [(role: String, name: String)],
        mustBePositive: Bool,
        window: Int?
    ) throws(AnalysisError) {
        let names = series.map(\.name)
        let reader = try PriceTableReader(path, names: names, mustBePositive: mustBePositive)
        var source = AnalysisSource(origin: .file(reader.file), series: series, rowsRead: reader.rowsRead)
        source.leftOut[.blank] = reader.blankRows
        let rows: TimedRows
        switch reader.choice {
        case .wide(let positions):
            source.series = zip(series, positions).map { ($0.role, ColumnChoice.label(reader.header.columns[$1])) }
            rows = try Self.sorted(reader.rows.values.first ?? TimedRows(series: names.count), reader)
        case .long(_, let price):
            let symbols = try Self.symbols(names, reader)
            source.series = zip(series, symbols).map { ($0.role, RowFault.excerpt($1)) }
            source.priceColumn = ColumnChoice.label(reader.header.columns[price])
            let legs = try symbols.map { symbol throws(AnalysisError) in
                try Self.sorted(reader.rows[symbol] ?? TimedRows(series: 1), reader)
            }
            rows = TimedRows(joining: legs)
            source.leftOut[.otherSymbol] = reader.rows.reduce(0) { $0 + (symbols.contains($1.key) ? 0 : $1.value.seen) }
            source.leftOut[.oneLeg] = legs.reduce(0) { $0 + $1.count } - legs.count * rows.count
        }
        source.leftOut[.repeated] = rows.repeated
        source.usableRows = rows.count
        source.order = reader.key.flatMap { RowOrder($0, rows) }
        self.source = source
        values = rows.values
        try Self.check(source, window: window, file: reader.file)
    }

    private static func sorted(_ rows: TimedRows, _ reader: PriceTableReader) throws(AnalysisError) -> TimedRows {
        var rows = rows
        guard let (first, second) = rows.sort() else { return rows }
        throw AnalysisError(
            "has the same \(reader.key?.name ?? "time") as line \(first), with other values; remove one of the two rows",
            file: reader.file,
            line: second
        )
    }

    /// The requested symbols in the spelling of the file.
    private static func symbols(_ names: [String], _ reader: PriceTableReader) throws(AnalysisError) -> [String] {
        guard names.count == 1 || reader.key != nil || reader.rowsRead == 0 else {
            throw AnalysisError(
                "has a column of symbols and none that is a time; prices of two symbols cannot be aligned",
                file: reader.file,
                line: reader.header.lastLine
            )
        }
        var symbols: [String] = []
        for name in names {
            let known = reader.rows.keys.sorted()
            let found = known.contains(name) ? [name] : known.filter { ColumnName.plain($0) == ColumnName.plain(name) }
            guard let symbol = found.first else {
                let list = name.nearestFirst(known).prefix(shownSymbols).map(RowFault.excerpt)
                throw AnalysisError(
                    "has no column and no symbol \"\(RowFault.excerpt(name))\"; its symbols are "
                        + list.joined(separator: ", ") + (known.count > list.count ? ", …" : "")
                        + "; its columns are \(reader.header.names)",
                    file: reader.file
                )
            }
            guard found.count == 1 else {
                throw AnalysisError(
                    "\"\(name)\" may be \(found.joined(separator: " or ")); write one of these",
                    file: reader.file
                )
            }
            symbols.append(symbol)
        }
        guard Set(symbols).count == symbols.count else {
            throw AnalysisError("--y and --x are both the symbol \(symbols[0]); name two", file: reader.file)
        }
        return symbols
    }

    private static let shownSymbols = 20

    private static func check(_ source: AnalysisSource, window: Int?, file: String) throws(AnalysisError) {
        let counts = (["\(source.rowsRead) rows read"] + source.leftOutWords).joined(separator: ", ")
        if source.usableRows == 0 {
            throw AnalysisError("has no row that can be used: \(counts)", file: file)
        }
        if let window, window > source.usableRows {
            throw AnalysisError(
                "--window \(window) is longer than the \(source.usableRows) rows that can be used: \(counts)",
                file: file
            )
        }
    }
}
