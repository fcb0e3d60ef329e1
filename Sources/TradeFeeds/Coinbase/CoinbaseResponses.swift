import FoundationEssentials
import MarketData

/// Decodes the responses of Coinbase Exchange's REST interface.
enum CoinbaseResponses {
    /// `[{"time":"2014-11-07T22:19:28.578544Z","trade_id":74,"price":"10.00","size":"0.01","side":"buy"}]`,
    /// newest first.
    static func trades(_ body: Data, as instrument: InstrumentID) throws -> [Trade] {
        let plain = JSONEscapes.decoded(body.bytes) ?? Array(body)
        let bytes = plain.span.bytes
        var trades: [Trade] = []
        var cursor = JSONCursor()
        if try cursor.enterArray(in: bytes) {
            repeat {
                let (record, id) = try CoinbaseMessage(&cursor, in: bytes).record(of: 0..<0, in: bytes)
                trades.append(Trade(record, instrument: instrument, id: id))
            } while try cursor.hasNextElement(in: bytes)
        }
        try cursor.expectEnd(of: bytes)
        return trades
    }

    /// `[[time, low, high, open, close, volume]]`, time in seconds, newest first. The response omits candles without
    /// trades and has no number of trades, so `trades` is 1 for each candle.
    static func candles(_ body: Data) throws -> [Candle] {
        let rows = try JSONDecoder().decode([[Double]].self, from: body)
        return try rows.reversed().map { row in
            guard row.count > 5 else { throw DecodeFailure.missingField }
            guard let seconds = Int64(exactly: row[0]), let time = Timestamp(milliseconds: seconds &* 1000),
                (0...4_102_444_800).contains(seconds)
            else { throw DecodeFailure.numberOutOfRange }
            return Candle(
                openTime: time,
                prices: BarPrices(
                    open: row[3],
                    high: row[2],
                    low: row[1],
                    close: row[4],
                    volume: row[5],
                    trades: 1
                )
            )
        }
    }

    /// `{"iso":"2015-01-07T23:47:25.201Z","epoch":1420674445.201}`.
    static func serverTime(_ body: Data) throws -> Timestamp {
        struct Answer: Decodable {
            var iso: String
        }
        let text = Array(try JSONDecoder().decode(Answer.self, from: body).iso.utf8)
        return try JSONValue(kind: .string, start: 0, end: text.count).dateTime(in: text.span.bytes)
    }
}
