import MarketData
import TradeFeeds

/// Decodes the rows of a table of trades, or of newline-delimited JSON.
struct TradeRowDecoder {
    let header: TableHeader
    private var splitter: FieldSplitter
    private var numbers: NumberText
    /// The positions of the columns in use, -1 for a missing one.
    private let time: TimeColumn
    private let venue: Int
    private let symbol: Int
    private let stream: Int
    private let id: Int
    private let price: Int
    private let quantity: Int
    private let buyerIsMaker: Int
    private let takerSide: Int
    /// Whether the side is the maker's, as in Coinbase's messages, which contain the ids of both orders.
    private let sideIsMakers: Bool
    private let orderType: Int
    /// Whether the venue is given by an archive's name of the exchange.
    let hasExchange: Bool

    /// Whether the trades have ids in the file.
    var hasIDs: Bool { id >= 0 }
    /// Whether the file has a column of symbols.
    var hasSymbols: Bool { symbol >= 0 }

    /// Whether a line with these plain names is the header of a table of trades.
    static func isHeader(_ names: Set<String>) -> Bool {
        [ColumnName.time, .price, .quantity].allSatisfy { !names.isDisjoint(with: $0.names) }
    }

    /// Finds the columns.
    /// - Parameters:
    ///   - start: the first lines, which show whether ids are numbers.
    ///   - symbolIsKnown: whether the file needs no column of symbols.
    /// - Throws: ``ReplayError`` when a column is missing or ambiguous.
    init(header: TableHeader, start: FileStart, path: String, symbolIsKnown: Bool) throws(ReplayError) {
        self.header = header
        splitter = FieldSplitter(header: header)
        numbers = header.numbers
        func missing(_ names: String...) -> ReplayError {
            .missingColumn(path: path, line: header.line, names: names, header: header.names)
        }
        guard let time = TimeColumn(header, start) else {
            throw missing("time", "timestamp", "date", "unix", "ts_ms")
        }
        guard header.position(of: .price) != nil else { throw missing("price") }
        guard header.position(of: .quantity) != nil else {
            throw missing("qty", "quantity", "size", "amount", "volume")
        }
        if header.position(of: .close) == nil,
            [ColumnName.open, .high, .low].allSatisfy({ header.position(of: $0) != nil })
        {
            throw .unusable(
                path: path,
                line: header.line,
                problem: "it has columns of bars (open, high, low) but no column close; name the column of the close so"
            )
        }
        if !symbolIsKnown, header.position(of: .symbol) == nil {
            throw .unusable(
                path: path,
                problem: "it states its symbol neither in a column `symbol` nor in its name; state it with --symbol"
            )
        }
        if let name = header.repeatedName { throw .repeatedColumn(path: path, line: header.line, name: name) }
        func position(_ meaning: ColumnName) -> Int { header.position(of: meaning) ?? -1 }
        self.time = time
        let exchange = position(.exchange)
        // Codes of stock exchanges do not correspond to a venue.
        hasExchange = position(.venue) < 0 && exchange >= 0 && Self.namesVenues(exchange, of: header, start)
        venue = hasExchange ? exchange : position(.venue)
        symbol = position(.symbol)
        stream = position(.stream)
        let number = position(.aggregateID) >= 0 ? position(.aggregateID) : position(.id)
        id = number >= 0 && Self.numbersTrades(number, of: header, start) ? number : -1
        price = position(.price)
        quantity = position(.quantity)
        buyerIsMaker = position(.buyerIsMaker)
        takerSide = position(.takerSide)
        sideIsMakers = header.columns.contains { ColumnName.plain($0.name) == "makerorderid" }
        orderType = position(.orderType)
    }

    /// The record of one line; the range of a name without a column is empty.
    mutating func record(in line: RawSpan) throws(RowFault) -> TradeRecord {
        try splitter.splitRow(line)
        let symbol = try name(at: symbol, in: line)
        if self.symbol >= 0, symbol.isEmpty { throw fault(.name, self.symbol, line, "the symbol that traded") }
        guard let moment = time.time(splitter.fields, in: line) else {
            throw fault(.time, time.position, line, TimeText.rule)
        }
        return TradeRecord(
            symbol: symbol,
            id: try number(in: line),
            time: moment,
            price: try decimal(at: price, .price, in: line),
            quantity: try decimal(at: quantity, .quantity, in: line),
            takerSide: try side(in: line),
            isMarketOrder: isMarketOrder(in: line),
            venue: try name(at: venue, in: line),
            stream: try name(at: stream, in: line)
        )
    }

    /// The text of the cell with a meaning in the line read last, empty without such a column.
    func text(of meaning: ColumnName, in line: RawSpan) -> String {
        header.position(of: meaning).map { FieldSplitter.text(line, splitter.fields[$0]) } ?? ""
    }

    /// Whether a column contains the name of a venue's exchange in one of the first lines.
    private static func namesVenues(_ column: Int, of header: TableHeader, _ start: FileStart) -> Bool {
        start.rows(of: header).contains { StatedExchange.venue($0[column]) != nil }
    }

    /// Whether a column of ids contains the market's ids, as far as the first lines show. Some sources identify a trade
    /// by a text, which cannot show gaps, and some number the rows of each file from the start.
    private static func numbersTrades(_ column: Int, of header: TableHeader, _ start: FileStart) -> Bool {
        let cells = start.rows(of: header).map { $0[column] }
        if !cells.isEmpty, cells.allSatisfy({ !$0.isEmpty && Int128($0) == nil }) { return false }
        guard ColumnName.plain(header.columns[column].name) == "id", BinanceDump.origin(of: header, symbol: nil) == nil,
            cells.count > 1, let first = cells.first.flatMap({ Int($0) }), (0...1).contains(first)
        else { return true }
        return !cells.enumerated().allSatisfy { Int($1) == first + $0 }
    }

    private func name(at column: Int, in line: RawSpan) throws(RowFault) -> Range<Int> {
        guard column >= 0 else { return 0..<0 }
        guard UTF8Check.isName(line, splitter.fields[column]) else {
            throw fault(.text, column, line, RowFault.nameRule)
        }
        return splitter.fields[column]
    }

    private func number(in line: RawSpan) throws(RowFault) -> Int64? {
        guard id >= 0 else { return nil }
        var number: Int64 = 0
        var isOverflow = splitter.fields[id].isEmpty
        for index in splitter.fields[id] {
            let digit = line.unsafeLoad(fromByteOffset: index, as: UInt8.self) &- UInt8(ascii: "0")
            let (scaled, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, carried) = scaled.addingReportingOverflow(Int64(digit))
            isOverflow = isOverflow || digit > 9 || tooLarge || carried
            number = sum
        }
        guard !isOverflow else { throw fault(.id, id, line, RowFault.idRule) }
        return number
    }

    private mutating func decimal(
        at column: Int,
        _ reason: RowFault.Reason,
        in line: RawSpan
    ) throws(RowFault) -> FixedDecimal? {
        do {
            return try numbers.decimal(line, splitter.fields[column])
        } catch {
            if error == .overflow { return nil }
        }
        throw fault(reason, column, line, NumberText.rule)
    }

    private func side(in line: RawSpan) throws(RowFault) -> TakerSide {
        if buyerIsMaker >= 0, !splitter.fields[buyerIsMaker].isEmpty {
            if isAny(Self.trueTexts, buyerIsMaker, line) { return .sell }
            if isAny(Self.falseTexts, buyerIsMaker, line) { return .buy }
            throw fault(.side, buyerIsMaker, line, "true or false")
        }
        if takerSide >= 0, !splitter.fields[takerSide].isEmpty {
            if isAny(Self.buyTexts, takerSide, line) { return sideIsMakers ? .sell : .buy }
            if isAny(Self.sellTexts, takerSide, line) { return sideIsMakers ? .buy : .sell }
            if isAny(Self.unknownTexts, takerSide, line) { return .unknown }
            throw fault(.side, takerSide, line, "buy or sell, the side of the taker")
        }
        return .unknown
    }

    private func isMarketOrder(in line: RawSpan) -> Bool {
        orderType < 0 || splitter.fields[orderType].isEmpty || isAny(Self.marketTexts, orderType, line)
    }

    private static let trueTexts: [StaticString] = ["true", "1", "t", "yes"]
    private static let falseTexts: [StaticString] = ["false", "0", "f", "no"]
    // `bid` and `ask` are not accepted: they are sides of an order book, whose tables have the same columns.
    private static let buyTexts: [StaticString] = ["buy", "b", "buyer"]
    private static let sellTexts: [StaticString] = ["sell", "s", "seller"]
    private static let unknownTexts: [StaticString] = ["unknown", "none", "no_aggressor"]
    // Kraken states in this column whether the taker's order was a limit order; Binance marks trades without a market
    // order.
    private static let marketTexts: [StaticString] = ["market", "limit", "m", "l"]

    /// Whether a cell equals one of these lower-case texts, regardless of case.
    private func isAny(_ texts: [StaticString], _ column: Int, _ line: RawSpan) -> Bool {
        let range = splitter.fields[column]
        return texts.contains { text in
            guard range.count == text.utf8CodeUnitCount else { return false }
            return (0..<range.count).allSatisfy { offset in
                let byte = line.unsafeLoad(fromByteOffset: range.lowerBound + offset, as: UInt8.self)
                let isLetter = (0x41...0x5A).contains(byte)
                return (isLetter ? byte | 0x20 : byte) == text.utf8Start[offset]
            }
        }
    }

    private func fault(_ reason: RowFault.Reason, _ column: Int, _ line: RawSpan, _ right: String) -> RowFault {
        header.fault(reason, column, splitter.fields, line, right)
    }
}
