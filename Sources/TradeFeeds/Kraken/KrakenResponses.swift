import FoundationEssentials
import MarketData

/// Decodes the responses of Kraken's REST interface: `{"error":[],"result":{…}}`, with texts in `error` for an error.
/// The list of trades or candles has the venue's own name of the pair, beside the member `last`.
enum KrakenResponses {
    private struct Envelope<Result: Decodable>: Decodable {
        var error: [String]
        var result: Result?
    }

    private struct Time: Decodable {
        var unixtime: Int64
    }

    /// The rows of the only list in the result.
    private struct Rows<Row: Decodable>: Decodable {
        var rows: [Row] = []

        private struct Name: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            let names = container.allKeys.filter { $0.stringValue != "last" }
            guard names.count == 1, let name = names.first else { throw DecodeFailure.missingField }
            rows = try container.decode([Row].self, forKey: name)
        }
    }

    /// `["open","high","low","close","vwap","volume"]` between the time in seconds and the number of trades.
    private struct CandleRow: Decodable {
        var time: Int64
        var texts: [String]
        var trades: Int

        init(from decoder: any Decoder) throws {
            var fields = try decoder.unkeyedContainer()
            time = try fields.decode(Int64.self)
            texts = []
            for _ in 0..<6 { texts.append(try fields.decode(String.self)) }
            trades = try fields.decode(Int.self)
        }
    }

    /// `["30243.40000","0.34507674",1688669597.8277369,"b","m","",61044952]`: price, quantity, time in seconds, the
    /// taker's side, order type, other, id; oldest first.
    static func trades(_ body: Data, as instrument: InstrumentID) throws -> [Trade] {
        _ = try result(body, of: Rows<Ignored>.self)
        let plain = JSONEscapes.decoded(body.bytes) ?? Array(body)
        let bytes = plain.span.bytes
        let list = try list(in: bytes)
        var trades: [Trade] = []
        var cursor = JSONCursor(at: list.start)
        guard try cursor.enterArray(in: bytes) else { return [] }
        repeat {
            trades.append(try trade(&cursor, in: bytes, as: instrument))
        } while try cursor.hasNextElement(in: bytes)
        return trades
    }

    /// Any value, which is not read.
    private struct Ignored: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    /// The position of the only list in `result`.
    private static func list(in bytes: RawSpan) throws(DecodeFailure) -> JSONValue {
        var list = JSONValue()
        var cursor = JSONCursor()
        guard try cursor.enterObject(in: bytes) else { throw .missingField }
        repeat {
            let key = try cursor.memberKey(in: bytes)
            let value = try cursor.value(in: bytes)
            guard key.equals("result", in: bytes), value.kind == .object else { continue }
            var inner = JSONCursor(at: value.start)
            guard try inner.enterObject(in: bytes) else { continue }
            repeat {
                _ = try inner.memberKey(in: bytes)
                let member = try inner.value(in: bytes)
                if member.kind == .array { try list.set(member) }
            } while try inner.hasNextMember(in: bytes)
        } while try cursor.hasNextMember(in: bytes)
        guard list.isPresent else { throw .missingField }
        return list
    }

    private static func trade(
        _ cursor: inout JSONCursor,
        in bytes: RawSpan,
        as instrument: InstrumentID
    ) throws(DecodeFailure) -> Trade {
        var fields: [JSONValue] = []
        guard try cursor.peek(bytes) == UInt8(ascii: "[") else { throw .wrongType }
        if try cursor.enterArray(in: bytes) {
            repeat { fields.append(try cursor.value(in: bytes)) } while try cursor.hasNextElement(in: bytes)
        }
        guard fields.count > 6 else { throw .missingField }
        let id = try fields[6].integer(in: bytes)
        let side: TakerSide
        if fields[3].equals("b", in: bytes) {
            side = .buy
        } else if fields[3].equals("s", in: bytes) {
            side = .sell
        } else {
            throw .wrongType
        }
        let record = TradeRecord(
            symbol: 0..<0,
            id: id,
            time: try time(fields[2], in: bytes),
            price: try fields[0].quotedDecimal(in: bytes),
            quantity: try fields[1].quotedDecimal(in: bytes),
            takerSide: side,
            isMarketOrder: true
        )
        return Trade(record, instrument: instrument, id: id)
    }

    /// A time in seconds with any number of decimals; those below a microsecond are truncated.
    private static func time(_ value: JSONValue, in bytes: RawSpan) throws(DecodeFailure) -> Timestamp {
        guard value.kind == .number else { throw .wrongType }
        var microseconds: Int64 = 0
        var decimals: Int?
        for index in value.start..<value.end {
            let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            let digit = byte &- UInt8(ascii: "0")
            if byte == UInt8(ascii: "."), decimals == nil {
                decimals = 0
            } else {
                guard digit <= 9 else { throw .malformedTime }
                guard decimals ?? 0 < 6 else { continue }
                let (scaled, isTooLarge) = microseconds.multipliedReportingOverflow(by: 10)
                guard !isTooLarge, scaled <= TradeRecord.latestTime.microseconds else { throw .numberOutOfRange }
                microseconds = scaled + Int64(digit)
                decimals = decimals.map { $0 + 1 }
            }
        }
        for _ in (decimals ?? 0)..<6 {
            let (scaled, isTooLarge) = microseconds.multipliedReportingOverflow(by: 10)
            guard !isTooLarge else { throw .numberOutOfRange }
            microseconds = scaled
        }
        let time = Timestamp(microseconds: microseconds)
        guard time <= TradeRecord.latestTime else { throw .numberOutOfRange }
        return time
    }

    /// `[1688671200,"30306.1","30306.2","30305.7","30305.7","30306.1","3.39243896",23]`, oldest first; the last one has
    /// not closed.
    static func candles(_ body: Data) throws -> [Candle] {
        try result(body, of: Rows<CandleRow>.self).rows.map { row in
            guard (0...4_102_444_800).contains(row.time), let open = Timestamp(milliseconds: row.time * 1000) else {
                throw DecodeFailure.numberOutOfRange
            }
            let numbers = row.texts.compactMap { Double($0) }
            guard numbers.count == 6, numbers.allSatisfy(\.isFinite) else { throw DecodeFailure.malformedDecimal }
            return Candle(
                openTime: open,
                prices: BarPrices(
                    open: numbers[0],
                    high: numbers[1],
                    low: numbers[2],
                    close: numbers[3],
                    volume: numbers[5],
                    trades: max(0, row.trades)
                )
            )
        }
    }

    /// `{"error":[],"result":{"unixtime":1688669448}}`. The venue gives whole seconds, so the middle of the second is the
    /// best estimate.
    static func serverTime(_ body: Data) throws -> Timestamp {
        let seconds = try result(body, of: Time.self).unixtime
        guard (0..<4_102_444_800).contains(seconds) else { throw DecodeFailure.numberOutOfRange }
        return Timestamp(microseconds: seconds * 1_000_000 + 500_000)
    }

    private static func result<Result: Decodable>(_ body: Data, of type: Result.Type) throws -> Result {
        let envelope = try JSONDecoder().decode(Envelope<Ignored>.self, from: body)
        guard envelope.error.isEmpty else { throw DecodeFailure.refused }
        guard let result = try JSONDecoder().decode(Envelope<Result>.self, from: body).result else {
            throw DecodeFailure.missingField
        }
        return result
    }
}
