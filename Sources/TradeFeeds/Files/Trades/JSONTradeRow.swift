import MarketData

/// Where the fields of a trade stand in one line of newline-delimited JSON, under the names of ``CSVColumn``.
struct JSONTradeRow {
    private var values: [CSVColumn: JSONValue] = [:]
    /// Whether these are the parameters that an export begins with.
    private(set) var isParameters = false

    /// Reads a whole object and checks all of it; unknown keys are passed over.
    init(_ bytes: RawSpan) throws(DecodeFailure) {
        var cursor = JSONCursor()
        try cursor.expect(UInt8(ascii: "{"), in: bytes)
        if try !cursor.skip(UInt8(ascii: "}"), in: bytes) {
            repeat {
                let key = try cursor.string(in: bytes)
                guard key.kind == .string else { throw .unsupportedEscape }
                try cursor.expect(UInt8(ascii: ":"), in: bytes)
                let value = try cursor.value(in: bytes)
                isParameters = isParameters || key.equals("parameters", in: bytes)
                guard let column = Self.column(key, bytes) else { continue }
                guard values.updateValue(value, forKey: column) == nil else { throw .duplicateField }
            } while try cursor.skip(UInt8(ascii: ","), in: bytes)
            try cursor.expect(UInt8(ascii: "}"), in: bytes)
        }
        try cursor.expectEnd(of: bytes)
    }

    /// Whether this is a trade rather than a frame or the parameters of an export.
    var isTrade: Bool {
        values[.price] != nil && [CSVColumn.milliseconds, .microseconds, .time].contains { values[$0] != nil }
    }

    /// Whether the source numbers its trades.
    var hasID: Bool { values[.id] != nil || values[.aggregateID] != nil }

    /// The name of the kind of stream that the keys tell, nil where they do not.
    var streamName: String? { values[.aggregateID] == nil ? nil : BinanceStream.aggTrade.rawValue }

    /// The record.
    func record(in bytes: RawSpan) throws(DecodeFailure) -> TradeRecord {
        TradeRecord(
            symbol: try name(.symbol, bytes),
            id: try (values[.aggregateID] ?? values[.id])?.integer(in: bytes),
            time: try time(in: bytes),
            price: try (values[.price] ?? JSONValue()).decimal(in: bytes),
            quantity: try (values[.quantity] ?? JSONValue()).decimal(in: bytes),
            takerSide: try side(in: bytes),
            isMarketOrder: values[.orderType]?.equals("MARKET", in: bytes) ?? true,
            venue: try name(.venue, bytes),
            stream: try name(.stream, bytes)
        )
    }

    private func name(_ column: CSVColumn, _ bytes: RawSpan) throws(DecodeFailure) -> Range<Int> {
        try values[column]?.text(in: bytes) ?? 0..<0
    }

    private func time(in bytes: RawSpan) throws(DecodeFailure) -> Timestamp {
        let time: Timestamp? =
            if let value = values[.microseconds] {
                Timestamp(microseconds: try value.integer(in: bytes))
            } else if let value = values[.milliseconds] {
                Timestamp(milliseconds: try value.integer(in: bytes))
            } else {
                TradeRecord.time(ofUnknownUnit: try (values[.time] ?? JSONValue()).integer(in: bytes))
            }
        guard let time, time <= TradeRecord.latestTime else { throw .numberOutOfRange }
        return time
    }

    private func side(in bytes: RawSpan) throws(DecodeFailure) -> TakerSide {
        if let value = values[.buyerIsMaker] { return try value.bool(in: bytes) ? .sell : .buy }
        guard let value = values[.takerSide] else { return .unknown }
        if value.equals("buy", in: bytes) { return .buy }
        if value.equals("sell", in: bytes) { return .sell }
        if value.equals("unknown", in: bytes) { return .unknown }
        throw .wrongType
    }

    private static func column(_ key: JSONValue, _ bytes: RawSpan) -> CSVColumn? {
        let name = String(
            decoding: (key.start..<key.end).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) },
            as: UTF8.self
        )
        return CSVColumn.byName[name]
    }
}
