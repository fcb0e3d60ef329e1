import MarketData
import TradeFeeds

/// Reads the rows of a file of bars, one by one.
final class BarSource {
    /// A decoded row.
    enum Line {
        case bar(Bar)
        case failed(RowFault)
    }

    /// The instruments so far, in the order of their first occurrence.
    private(set) var instruments: [Instrument] = []
    private let reader: TableReader
    private let columns: BarColumns
    private let naming: TradeFileNaming
    private let symbol: String?
    private let timeframe: Timeframe?
    private var numbers: [Instrument: InstrumentID] = [:]
    /// The names of the previous row, which are usually those of the next one, too.
    private var last: (venue: String?, symbol: String?, instrument: InstrumentID)?

    var lineNumber: Int { reader.lineNumber }
    var rowCount: Int { reader.rowCount }
    var inputCount: Int { reader.inputCount }
    var fileSize: Int { reader.fileSize }
    var checksum: String { reader.checksum }

    /// - Throws: ``ReplayError`` when the file cannot be read, or when the file and the options of the caller do not
    ///   state all that is needed.
    init(path: String, naming: TradeFileNaming, timeframe: Timeframe?) throws(ReplayError) {
        let start = try FileStart(path: path)
        guard let header = Self.header(start) else {
            throw .unusable(path: path, problem: "the file is empty; needed is a table of bars with a header")
        }
        guard let columns = BarColumns(header: header, start: start) else {
            let names = ["time", "open", "high", "low", "close"]
            throw .missingColumn(path: path, line: header.line, names: names, header: header.names)
        }
        if let name = header.repeatedName { throw .repeatedColumn(path: path, line: header.line, name: name) }
        if columns.hasSymbols, naming.symbol != nil {
            throw .unusable(
                path: path,
                problem: "its rows name their symbols, so --symbol would be ignored; leave it out"
            )
        }
        if columns.hasTimeframes, timeframe != nil {
            throw .unusable(
                path: path,
                problem: "its rows state their bar length, so --timeframe would be ignored; leave it out"
            )
        }
        let name = FileName(path)
        let stated = name.bars
        if !columns.hasSymbols,
            let problem = FileName.contradiction(BinanceDump.name(ofPath: path)?.symbol, naming.symbol)
        {
            throw .unusable(path: path, problem: problem)
        }
        symbol = naming.symbol ?? columns.ticker ?? stated.symbol ?? (header.lastLine == 0 ? name.bareSymbol : nil)
        if let timeframe, let other = stated.timeframe, other != timeframe, !columns.hasTimeframes {
            throw .unusable(
                path: path,
                problem:
                    "its name states bars of \(other), and --timeframe states \(timeframe); rename the file, or leave "
                    + "--timeframe out"
            )
        }
        self.timeframe = timeframe ?? stated.timeframe
        if !columns.hasSymbols, symbol == nil {
            throw .unusable(path: path, problem: "it does not state its symbol; state it with --symbol")
        }
        if !columns.hasTimeframes, self.timeframe == nil {
            throw .unusable(path: path, problem: "it does not state the length of its bars; state it with --timeframe")
        }
        if naming.venue == nil, header.position(of: .venue) == nil {
            throw .unusable(path: path, problem: "it does not state its venue; state it with --venue")
        }
        self.columns = columns
        self.naming = naming
        reader = try TableReader(path: path, header: header)
    }

    /// The header of a file of bars, or the implied header of candles without one; nil for an empty file.
    static func header(_ start: FileStart) -> TableHeader? {
        guard let first = start.lines.first else { return nil }
        if let header = TableHeader.inComment(start, BarColumns.isHeader) { return header }
        var splitter = FieldSplitter(format: .commas)
        try? splitter.split(first.bytes.span.bytes)
        if let cell = splitter.fields.first, TimeText.time(first.bytes.span.bytes, cell) != nil,
            let names = impliedNames[splitter.fields.count],
            splitter.fields[1..<5].allSatisfy({ isNumber(first.bytes, $0) })
        {
            return TableHeader(implied: names)
        }
        return TableHeader(start, isWanted: BarColumns.isHeader)
    }

    /// The next row; nil at the end.
    func next() throws(ReplayError) -> Line? {
        try reader.withNextRow { row, bytes in
            switch row {
            case .failed(let fault): return .failed(fault)
            case .cells(let cells):
                do throws(RowFault) {
                    return .bar(try bar(cells, bytes))
                } catch {
                    return .failed(error)
                }
            }
        }
    }

    /// The columns of candles without a header, by their number: 12 for Binance, fewer for Kraken and others.
    private static let impliedNames = [
        5: "time,open,high,low,close", 6: "time,open,high,low,close,volume",
        7: "time,open,high,low,close,volume,trades",
        12: "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
            + "taker_buy_quote_volume,ignore",
    ]

    private static func isNumber(_ line: [UInt8], _ cell: Range<Int>) -> Bool {
        var numbers = NumberText()
        return numbers.double(line.span.bytes, cell) != nil
    }

    private func bar(_ cells: [Range<Int>], _ line: RawSpan) throws(RowFault) -> Bar {
        let row = try columns.row(cells, in: line, numbers: &reader.numbers)
        guard let timeframe = row.timeframe ?? timeframe else {
            throw RowFault(.name, "the row does not state the length of its bar; it must, such as 1m")
        }
        let slot = timeframe.slot(of: row.time)
        guard timeframe.openTime(of: slot) == row.time else {
            throw RowFault(
                .grid,
                "no bar of \(timeframe) opens at \(ISO8601.text(row.time)); the bar around it opens at "
                    + ISO8601.text(timeframe.openTime(of: slot))
            )
        }
        return Bar(
            // Evaluated last, so that only instruments with a valid bar get an id, like those in
            // ``BarFile/instruments``.
            instrument: try instrument(row, line),
            timeframe: timeframe,
            slot: slot,
            state: row.state,
            origin: .klines,
            prices: row.prices
        )
    }

    private func instrument(_ row: BarColumns.Row, _ line: RawSpan) throws(RowFault) -> InstrumentID {
        let venue = naming.venue == nil ? row.venue.map { FieldSplitter.text(line, $0) } : nil
        let symbol = row.symbol.map { FieldSplitter.text(line, $0) }
        if let last, last.venue == venue, last.symbol == symbol { return last.instrument }
        guard let place = naming.venue ?? venue.map({ Venue(rawValue: $0) }) else {
            throw RowFault(.name, "the row does not name its venue; add it, or use --venue")
        }
        guard naming.venue != nil || Venue.isName(place.rawValue) else {
            throw RowFault(.name, column: "venue", found: place.rawValue, right: RowFault.venueRule)
        }
        let instrument = Instrument(venue: place, symbol: symbol ?? self.symbol ?? "")
        let number = numbers[instrument] ?? InstrumentID(instruments.count)
        if numbers.updateValue(number, forKey: instrument) == nil { instruments.append(instrument) }
        last = (venue, symbol, number)
        return number
    }
}
