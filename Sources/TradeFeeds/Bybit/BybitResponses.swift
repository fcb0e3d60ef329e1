import FoundationEssentials
import MarketData

/// Decodes the responses of Bybit's REST interface: `{"retCode":0,"retMsg":"OK","result":{…}}`, with another code for
/// an error.
enum BybitResponses {
    private struct Envelope<Result: Decodable>: Decodable {
        var retCode: Int
        var result: Result
    }

    private struct Status: Decodable {
        var retCode: Int
    }

    private struct Rows: Decodable {
        var list: [[String]]
    }

    private struct Time: Decodable {
        var timeNano: String
    }

    /// `{"retCode":0,"result":{"category":"linear","list":[…]}}` with the trades of ``BybitTrade/Source/response``,
    /// newest first.
    static func trades(_ body: Data, as instrument: InstrumentID) throws -> [Trade] {
        guard try JSONDecoder().decode(Status.self, from: body).retCode == 0 else { throw DecodeFailure.refused }
        let plain = JSONEscapes.decoded(body.bytes) ?? Array(body)
        let bytes = plain.span.bytes
        let result = try member("result", ofObjectAt: 0, in: bytes)
        guard result.kind == .object else { throw DecodeFailure.missingField }
        let list = try member("list", ofObjectAt: result.start, in: bytes)
        guard list.kind == .array else { throw DecodeFailure.missingField }
        var trades: [Trade] = []
        var cursor = JSONCursor(at: list.start)
        guard try cursor.enterArray(in: bytes) else { return [] }
        repeat {
            let (record, number) = try BybitTrade(&cursor, in: bytes, from: .response).record(in: bytes)
            trades.append(Trade(record, instrument: instrument, id: number))
        } while try cursor.hasNextElement(in: bytes)
        return trades
    }

    private static func member(
        _ name: StaticString,
        ofObjectAt start: Int,
        in bytes: RawSpan
    ) throws(DecodeFailure) -> JSONValue {
        var found = JSONValue()
        var cursor = JSONCursor(at: start)
        guard try cursor.enterObject(in: bytes) else { return found }
        repeat {
            let key = try cursor.memberKey(in: bytes)
            let value = try cursor.value(in: bytes)
            if key.equals(name, in: bytes) { try found.set(value) }
        } while try cursor.hasNextMember(in: bytes)
        return found
    }

    /// `["1670608800000","open","high","low","close","volume","turnover"]`, newest first, with the candle that has not
    /// closed. The response has no number of trades, so `trades` is 1 for each candle with volume.
    static func candles(_ body: Data) throws -> [Candle] {
        let rows: Rows = try result(body)
        return try rows.list.reversed().map { row in
            guard row.count > 5, let open = Int64(row[0]).flatMap({ Timestamp(milliseconds: $0) }) else {
                throw DecodeFailure.missingField
            }
            let numbers = row[1...5].compactMap { Double($0) }
            guard numbers.count == 5, numbers.allSatisfy(\.isFinite) else { throw DecodeFailure.malformedDecimal }
            return Candle(
                openTime: open,
                prices: BarPrices(
                    open: numbers[0],
                    high: numbers[1],
                    low: numbers[2],
                    close: numbers[3],
                    volume: numbers[4],
                    trades: numbers[4] > 0 ? 1 : 0
                )
            )
        }
    }

    /// `{"timeSecond":"1688639403","timeNano":"1688639403423213947"}`.
    static func serverTime(_ body: Data) throws -> Timestamp {
        let time: Time = try result(body)
        guard let nanoseconds = Int64(time.timeNano), nanoseconds >= 0 else { throw DecodeFailure.numberOutOfRange }
        let moment = Timestamp(microseconds: nanoseconds / 1000)
        guard moment <= TradeRecord.latestTime else { throw DecodeFailure.numberOutOfRange }
        return moment
    }

    private static func result<Result: Decodable>(_ body: Data) throws -> Result {
        guard try JSONDecoder().decode(Status.self, from: body).retCode == 0 else { throw DecodeFailure.refused }
        return try JSONDecoder().decode(Envelope<Result>.self, from: body).result
    }
}
