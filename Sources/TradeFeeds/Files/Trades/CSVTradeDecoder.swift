import MarketData

/// Decodes the lines of a CSV of trades whose columns its header names (RFC 4180; a field may be quoted).
struct CSVTradeDecoder {
    /// The name of the kind of stream that the columns tell, nil where they do not.
    let streamName: String?
    /// Whether the columns are those of Binance's dumps of spot trades, of futures, or neither (nil).
    let isSpotDump: Bool?
    private let columnCount: Int
    /// The position of each known column, or -1.
    private let milliseconds: Int
    private let microseconds: Int
    private let time: Int
    private let venue: Int
    private let symbol: Int
    private let stream: Int
    private let id: Int
    private let price: Int
    private let quantity: Int
    private let buyerIsMaker: Int
    private let takerSide: Int
    private let orderType: Int
    /// The fields of the line being read; kept to save an allocation per line.
    private var fields: [Range<Int>] = []

    /// Whether the file numbers its trades.
    var hasIDs: Bool { id >= 0 }

    /// Reads the header.
    /// - Parameter symbolIsKnown: whether the file may do without a column of symbols.
    /// - Throws: ``ReplayError/missingColumn(path:names:header:)``.
    init(header: String, path: String, symbolIsKnown: Bool = false) throws(ReplayError) {
        let names = header.split(separator: ",", omittingEmptySubsequences: false).map { name in
            String(name.filter { $0 != "\"" && $0 != " " })
        }
        func position(_ column: CSVColumn) -> Int {
            names.firstIndex { column.names.contains($0) } ?? -1
        }
        func required(_ columns: CSVColumn...) throws(ReplayError) {
            guard columns.contains(where: { position($0) >= 0 }) else {
                throw .missingColumn(path: path, names: columns.flatMap(\.names), header: String(header.prefix(200)))
            }
        }
        try required(.milliseconds, .microseconds, .time)
        if !symbolIsKnown { try required(.symbol) }
        try required(.price)
        try required(.quantity)
        columnCount = names.count
        milliseconds = position(.milliseconds)
        microseconds = position(.microseconds)
        time = position(.time)
        venue = position(.venue)
        symbol = position(.symbol)
        stream = position(.stream)
        let aggregateID = position(.aggregateID)
        id = aggregateID >= 0 ? aggregateID : position(.id)
        price = position(.price)
        quantity = position(.quantity)
        buyerIsMaker = position(.buyerIsMaker)
        takerSide = position(.takerSide)
        orderType = position(.orderType)
        let isDump = time >= 0 && symbol < 0 && id >= 0 && buyerIsMaker >= 0
        isSpotDump = isDump ? position(.bestMatch) >= 0 : nil
        streamName = aggregateID >= 0 ? BinanceStream.aggTrade.rawValue : isDump ? BinanceStream.trade.rawValue : nil
        fields.reserveCapacity(names.count)
    }

    /// The record of one line; a range of names that the file has no column for is empty.
    mutating func record(in line: RawSpan) throws(DecodeFailure) -> TradeRecord {
        try split(line)
        let symbol = try name(at: symbol, in: line)
        guard self.symbol < 0 || !symbol.isEmpty else { throw .missingField }
        return TradeRecord(
            symbol: symbol,
            id: id < 0 ? nil : try number(at: id, in: line).integer(in: line),
            time: try time(in: line),
            price: try text(at: price).decimal(in: line),
            quantity: try text(at: quantity).decimal(in: line),
            takerSide: try side(in: line),
            isMarketOrder: orderType < 0 || fields[orderType].isEmpty || text(at: orderType).equals("MARKET", in: line),
            venue: try name(at: venue, in: line),
            stream: try name(at: stream, in: line)
        )
    }

    private func name(at column: Int, in line: RawSpan) throws(DecodeFailure) -> Range<Int> {
        guard column >= 0 else { return 0..<0 }
        guard UTF8Check.isValid(line, fields[column]) else { throw .invalidUTF8 }
        return fields[column]
    }

    private mutating func split(_ line: RawSpan) throws(DecodeFailure) {
        fields.removeAll(keepingCapacity: true)
        var index = 0
        while true {
            let isQuoted = index < line.byteCount && Self.byte(line, index) == UInt8(ascii: "\"")
            if isQuoted { index += 1 }
            let start = index
            let terminator = isQuoted ? UInt8(ascii: "\"") : UInt8(ascii: ",")
            while index < line.byteCount, Self.byte(line, index) != terminator { index += 1 }
            fields.append(start..<index)
            if isQuoted {
                guard index < line.byteCount else { throw .missingField }
                index += 1
                guard index == line.byteCount || Self.byte(line, index) == UInt8(ascii: ",") else {
                    throw .unsupportedEscape
                }
            }
            if index >= line.byteCount { break }
            index += 1
        }
        guard fields.count >= columnCount else { throw .missingField }
        guard fields.count == columnCount else { throw .wrongType }
    }

    private func time(in line: RawSpan) throws(DecodeFailure) -> Timestamp {
        let time: Timestamp? =
            if microseconds >= 0 {
                Timestamp(microseconds: try number(at: microseconds, in: line).integer(in: line))
            } else if milliseconds >= 0 {
                Timestamp(milliseconds: try number(at: milliseconds, in: line).integer(in: line))
            } else {
                TradeRecord.time(ofUnknownUnit: try number(at: time, in: line).integer(in: line))
            }
        guard let time, time <= TradeRecord.latestTime else { throw .numberOutOfRange }
        return time
    }

    private func side(in line: RawSpan) throws(DecodeFailure) -> TakerSide {
        if buyerIsMaker >= 0, !fields[buyerIsMaker].isEmpty {
            let text = text(at: buyerIsMaker)
            if text.equalsIgnoringCase("true", in: line) || text.equals("1", in: line) { return .sell }
            if text.equalsIgnoringCase("false", in: line) || text.equals("0", in: line) { return .buy }
            throw .wrongType
        }
        if takerSide >= 0, !fields[takerSide].isEmpty {
            let text = text(at: takerSide)
            if text.equalsIgnoringCase("buy", in: line) { return .buy }
            if text.equalsIgnoringCase("sell", in: line) { return .sell }
            if text.equalsIgnoringCase("unknown", in: line) { return .unknown }
            throw .wrongType
        }
        return .unknown
    }

    private func text(at column: Int) -> JSONValue {
        JSONValue(
            kind: fields[column].isEmpty ? .missing : .string,
            start: fields[column].lowerBound,
            end: fields[column].upperBound
        )
    }

    private func number(at column: Int, in line: RawSpan) -> JSONValue {
        var value = text(at: column)
        if value.isPresent { value.kind = .number }
        return value
    }

    private static func byte(_ line: RawSpan, _ index: Int) -> UInt8 {
        line.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
}

extension JSONValue {
    /// Whether the bytes of the value are these lowercase letters, in whatever case.
    fileprivate func equalsIgnoringCase(_ text: StaticString, in bytes: RawSpan) -> Bool {
        guard end - start == text.utf8CodeUnitCount else { return false }
        for offset in 0..<text.utf8CodeUnitCount
        where bytes.unsafeLoad(fromByteOffset: start + offset, as: UInt8.self) | 0x20 != text.utf8Start[offset] {
            return false
        }
        return true
    }
}
