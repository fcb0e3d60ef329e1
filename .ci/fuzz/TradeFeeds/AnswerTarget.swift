import Foundation
import MarketData

/// Answers of REST interfaces; the first byte selects the request.
enum AnswerTarget {
    static func run(_ input: UnsafeRawBufferPointer) {
        guard let first = input.first else { return }
        let body = Data(input.dropFirst())
        let instrument = InstrumentID(3)
        // An answer that cannot be read is an error, which is no fault of the reader.
        switch first % 17 {
        case 0: check(try? BinanceResponses.aggregateTrades(body, as: instrument))
        case 1: check(try? BinanceResponses.trades(body, as: instrument))
        case 2: check(try? BinanceResponses.candles(body))
        case 3: check(try? BinanceResponses.serverTime(body))
        case 4: check(try? OKXResponses.trades(body, as: instrument))
        case 5: check(try? OKXResponses.candles(body))
        case 6: check(try? OKXResponses.serverTime(body))
        case 7: check(try? CoinbaseResponses.trades(body, as: instrument))
        case 8: check(try? CoinbaseResponses.candles(body))
        case 9: check(try? CoinbaseResponses.serverTime(body))
        case 11: check(try? BybitResponses.trades(body, as: instrument))
        case 12: check(try? BybitResponses.candles(body))
        case 13: check(try? BybitResponses.serverTime(body))
        case 14: check(try? KrakenResponses.trades(body, as: instrument))
        case 15: check(try? KrakenResponses.candles(body))
        case 16: check(try? KrakenResponses.serverTime(body))
        default: checkHeader(String(decoding: input.dropFirst(), as: UTF8.self))
        }
    }

    private static func check(_ trades: [Trade]?) {
        for trade in trades ?? [] {
            TradeFeedsTargets.check(trade)
            precondition(trade.instrument == InstrumentID(3))
        }
    }

    private static func check(_ candles: [Candle]?) {
        for candle in candles ?? [] {
            let prices = candle.prices
            let numbers = [prices.open, prices.high, prices.low, prices.close, prices.volume]
            precondition(numbers.allSatisfy(\.isFinite), "a number of a candle is not finite")
            // The program's next calls on a candle.
            for timeframe in ["1s", "1m", "7d"].compactMap(Timeframe.init) {
                let slot = timeframe.slot(of: candle.openTime)
                precondition(timeframe.openTime(of: slot) <= candle.openTime)
            }
        }
    }

    private static func check(_ time: Timestamp?) {
        guard let time else { return }
        _ = time - Timestamp(microseconds: 0)
        _ = ISO8601.text(time)
    }

    private static func checkHeader(_ text: String) {
        for status in [200, 418, 429, 503] {
            let patience = RetryAfter.requestedWait(status: status, header: text) ?? .zero
            precondition(patience >= .zero && patience <= .seconds(3 * 86_400))
        }
    }
}
