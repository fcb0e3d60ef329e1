import MarketData

/// Decodes the lines of a CSV of trades whose columns its header names (RFC 4180; a field may be quoted).
struct CSVTradeDecoder {
    private let columnCount: Int
    /// The position of each known column, or -1; indexed in the order of ``CSVColumn``.
    private let milliseconds: Int
    private let microseconds: Int
    private let symbol: Int
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
    ///
    /// - Throws: ``ReplayError/missingColumn(path:names:header:)``.
    init(header: String, path: String) throws(ReplayError) {
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
        try required(.milliseconds, .microseconds)
        try required(.symbol)
        try required(.price)
        try required(.quantity)
        columnCount = names.count
        milliseconds = position(.milliseconds)
        microseconds = position(.microseconds)
        symbol = position(.symbol)
        id = position(.id)
        price = position(.price)
        quantity = position(.quantity)
        buyerIsMaker = position(.buyerIsMaker)
        takerSide = position(.takerSide)
        orderType = position(.orderType)
        fields.reserveCapacity(names.count)
    }

    /// The record of one line.
    mutating func record(in line: RawSpan) throws(DecodeFailure) -> TradeRecord {
        try split(line)
        guard fields[symbol].count > 0 else { throw .missingField }
        guard UTF8Check.isValid(line, fields[symbol]) else { throw .invalidUTF8 }
        return TradeRecord(
            symbol: fields[symbol],
            id: id < 0 ? nil : try number(at: id, in: line).integer(in: line),
            time: try time(in: line),
            price: try text(at: price).decimal(in: line),
            quantity: try text(at: quantity).decimal(in: line),
            takerSide: try side(in: line),
            isMarketOrder: orderType < 0 || fields[orderType].isEmpty || text(at: orderType).equals("MARKET", in: line)
        )
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
        let time =
            microseconds >= 0
            ? Timestamp(microseconds: try number(at: microseconds, in: line).integer(in: line))
            : Timestamp(milliseconds: try number(at: milliseconds, in: line).integer(in: line))
        guard let time, time <= TradeRecord.latestTime else { throw .numberOutOfRange }
        return time
    }

    private func side(in line: RawSpan) throws(DecodeFailure) -> TakerSide {
        if buyerIsMaker >= 0, !fields[buyerIsMaker].isEmpty {
            switch lowercaseASCII(fields[buyerIsMaker], in: line) {
            case "true", "1": return .sell
            case "false", "0": return .buy
            default: throw .wrongType
            }
        }
        if takerSide >= 0, !fields[takerSide].isEmpty {
            switch lowercaseASCII(fields[takerSide], in: line) {
            case "buy": return .buy
            case "sell": return .sell
            case "unknown": return .unknown
            default: throw .wrongType
            }
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

    /// At most 8 bytes, enough for every word that is understood.
    private func lowercaseASCII(_ range: Range<Int>, in line: RawSpan) -> String {
        String(decoding: range.prefix(8).map { Self.byte(line, $0) | 0x20 }, as: UTF8.self)
    }

    private static func byte(_ line: RawSpan, _ index: Int) -> UInt8 {
        line.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
}
