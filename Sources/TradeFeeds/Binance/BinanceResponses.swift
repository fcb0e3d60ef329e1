import Foundation
import MarketData

/// Decodes the responses of Binance's REST interfaces, which are the same for spot and futures.
enum BinanceResponses {
    /// `[{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27781,"T":1498793709153,"m":true}]`.
    static func aggregateTrades(_ body: Data, as instrument: InstrumentID) throws -> [Trade] {
        struct Item: Decodable {
            var a: Int64
            var p: String
            var q: String
            var T: Int64
            var m: Bool
        }
        return try JSONDecoder().decode([Item].self, from: body).map { item in
            try Trade(
                instrument: instrument,
                id: item.a,
                time: Timestamp(milliseconds: item.T),
                price: item.p,
                quantity: item.q,
                takerSide: item.m ? .sell : .buy
            )
        }
    }

    /// `[{"id":28457,"price":"4.00000100","qty":"12.00000000","time":1499865549590,"isBuyerMaker":true}]`.
    static func trades(_ body: Data, as instrument: InstrumentID) throws -> [Trade] {
        struct Item: Decodable {
            var id: Int64
            var price: String
            var qty: String
            var time: Int64
            var isBuyerMaker: Bool
        }
        return try JSONDecoder().decode([Item].self, from: body).map { item in
            try Trade(
                instrument: instrument,
                id: item.id,
                time: Timestamp(milliseconds: item.time),
                price: item.price,
                quantity: item.qty,
                takerSide: item.isBuyerMaker ? .sell : .buy
            )
        }
    }

    /// `[[openTime,"open","high","low","close","volume",closeTime,"quoteVolume",trades,…]]`.
    static func candles(_ body: Data) throws -> [Candle] {
        struct Row: Decodable {
            let candle: Candle

            init(from decoder: any Decoder) throws {
                var fields = try decoder.unkeyedContainer()
                let openTime = Timestamp(milliseconds: try fields.decode(Int64.self))
                var numbers: [Double] = []
                for _ in 0..<5 { numbers.append(Double(try fields.decode(String.self)) ?? .nan) }
                _ = try fields.decode(Int64.self)
                _ = try fields.decode(String.self)
                let trades = try fields.decode(Int.self)
                guard let openTime, numbers.allSatisfy(\.isFinite) else { throw DecodeFailure.malformedDecimal }
                candle = Candle(
                    openTime: openTime,
                    prices: BarPrices(
                        open: numbers[0],
                        high: numbers[1],
                        low: numbers[2],
                        close: numbers[3],
                        volume: numbers[4],
                        trades: trades
                    )
                )
            }
        }
        return try JSONDecoder().decode([Row].self, from: body).map(\.candle)
    }

    /// `{"serverTime":1499827319559}`.
    static func serverTime(_ body: Data) throws -> Timestamp {
        struct Answer: Decodable {
            var serverTime: Int64
        }
        let milliseconds = try JSONDecoder().decode(Answer.self, from: body).serverTime
        guard let time = Timestamp(milliseconds: milliseconds) else { throw DecodeFailure.numberOutOfRange }
        return time
    }

    /// -1121: "Invalid symbol."
    static func isUnknownSymbol(_ failure: RequestFailure) -> Bool {
        if case .status(400, let errorText?) = failure { errorText.contains("(-1121)") } else { false }
    }

    /// The venue's name of a candle's length; nil where the venue has no such candle. Futures have none below a minute.
    static func interval(of timeframe: Timeframe) -> String? {
        switch timeframe.microseconds / 1_000_000 {
        case 60: "1m"
        case 180: "3m"
        case 300: "5m"
        case 900: "15m"
        case 1800: "30m"
        case 3600: "1h"
        case 7200: "2h"
        case 14_400: "4h"
        case 21_600: "6h"
        case 28_800: "8h"
        case 43_200: "12h"
        case 86_400: "1d"
        case 259_200: "3d"
        default: nil
        }
    }
}
