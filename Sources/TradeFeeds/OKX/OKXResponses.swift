import FoundationEssentials
import MarketData

/// Decodes the responses of OKX's REST interface: `{"code":"0","msg":"","data":[…]}`, with another code for an error.
enum OKXResponses {
    private struct Envelope<Item: Decodable>: Decodable {
        var code: String
        var data: [Item]
    }

    /// `{"instId":"BTC-USDT-SWAP","side":"sell","sz":"0.01","px":"29963.2","tradeId":"242720720","ts":"1654161646974"}`,
    /// newest first.
    static func trades(_ body: Data, as instrument: InstrumentID) throws -> [Trade] {
        let plain = JSONEscapes.decoded(body.bytes) ?? Array(body)
        let bytes = plain.span.bytes
        let message = try OKXMessage(bytes)
        guard message.code.equals("0", in: bytes) else { throw DecodeFailure.refused }
        guard message.data.kind == .array else { throw DecodeFailure.wrongType }
        var trades: [Trade] = []
        var cursor = JSONCursor(at: message.data.start)
        guard try cursor.enterArray(in: bytes) else { return [] }
        repeat {
            let (record, id) = try OKXTrade(&cursor, in: bytes).record(in: bytes)
            trades.append(Trade(record, instrument: instrument, id: id))
        } while try cursor.hasNextElement(in: bytes)
        return trades
    }

    /// `["1597026383085","open","high","low","close","contracts","base","quote","1"]`, newest first; a last field of 0
    /// is a candle that has not closed. The response has no number of trades, so `trades` is 1 for each candle with
    /// volume.
    static func candles(_ body: Data) throws -> [Candle] {
        let rows: [[String]] = try data(body)
        return try rows.reversed().compactMap { row in
            guard row.count > 8, let open = Int64(row[0]).flatMap({ Timestamp(milliseconds: $0) }) else {
                throw DecodeFailure.missingField
            }
            guard row[8] == "1" else { return nil }
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

    /// `[{"ts":"1597026383085"}]`.
    static func serverTime(_ body: Data) throws -> Timestamp {
        let items: [[String: String]] = try data(body)
        guard let text = items.first?["ts"], let milliseconds = Int64(text) else { throw DecodeFailure.missingField }
        guard let time = Timestamp(milliseconds: milliseconds) else { throw DecodeFailure.numberOutOfRange }
        return time
    }

    private static func data<Item: Decodable>(_ body: Data) throws -> [Item] {
        let envelope = try JSONDecoder().decode(Envelope<Item>.self, from: body)
        guard envelope.code == "0" else { throw DecodeFailure.refused }
        return envelope.data
    }
}
