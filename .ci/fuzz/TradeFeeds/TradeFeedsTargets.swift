import MarketData

/// The targets among the parsers of this module: any bytes give an outcome, and an outcome keeps its promises.
package enum TradeFeedsTargets {
    package static func target(_ name: String) -> ((UnsafeRawBufferPointer) -> Void)? {
        switch name {
        case "binance-usdm":
            binance(.aggTrade, ["SUSHIUSDT", "AKROUSDT", "KEEPUSDT", "CTKUSDT"])
        case "binance-spot":
            binance(.trade, ["BTCUSDT", "ETHUSDT"])
        case "okx":
            decoder(
                OKXTradeDecoder(
                    channel: "trades",
                    symbols: numbered(["BTC-USD-220527", "UNI-USD-SWAP", "BTC-USDT"])
                )
            )
        case "coinbase":
            decoder(
                CoinbaseTradeDecoder(
                    symbols: numbered(["SKL-USD", "SKL-BTC", "BAND-GBP", "NMR-EUR", "BAND-BTC", "YFI-BTC"])
                )
            )
        case "bybit":
            decoder(BybitTradeDecoder(symbols: numbered(["BTCUSDT", "ETHUSDT"])))
        case "kraken":
            decoder(KrakenTradeDecoder(symbols: numbered(["BTC/USD", "MATIC/USD"])))
        case "answers": AnswerTarget.run
        case "websocket": WebSocketTarget.run
        case "rows": RowTarget.run
        case "texts": TextTarget.run
        case "packed": PackedTarget().run
        case "files": FileTarget().run
        default: nil
        }
    }

    private static func numbered(_ names: [String]) -> [(symbol: String, id: InstrumentID)] {
        names.enumerated().map { ($1, InstrumentID($0)) }
    }

    private static func binance(_ stream: BinanceStream, _ names: [String]) -> (UnsafeRawBufferPointer) -> Void {
        let decoder = BinanceTradeDecoder(stream: stream, symbols: numbered(names))
        return self.decoder(decoder) { decoder, bytes, trades in decoder.decodeFully(bytes, into: &trades) }
    }

    /// Decoding twice is the same, and so is decoding without the quick way of the frequent messages, where there is one.
    private static func decoder<Decoder: FrameDecoder>(
        _ first: Decoder,
        fully: ((inout Decoder, RawSpan, inout [Trade]) -> FrameOutcome)? = nil
    ) -> (UnsafeRawBufferPointer) -> Void {
        var decoder = first
        return { input in
            var trades: [Trade] = []
            let outcome = decoder.decode(input.bytes, into: &trades)
            switch outcome {
            case .trades, .lastTrade:
                precondition(!trades.isEmpty, "an outcome of trades without one")
            default:
                precondition(trades.isEmpty, "trades from \(outcome)")
            }
            for trade in trades {
                check(trade)
                precondition(trade.id >= 0 && (0..<10).contains(trade.instrument.index))
            }
            if let fully {
                var full: [Trade] = []
                precondition(
                    fully(&decoder, input.bytes, &full) == outcome && full == trades,
                    "the quick way differs"
                )
            }
            var again: [Trade] = []
            precondition(
                decoder.decode(input.bytes, into: &again) == outcome && again == trades,
                "twice is not the same"
            )
        }
    }

    static func check(_ trade: Trade) {
        precondition(trade.time.microseconds >= 0 && trade.time <= TradeRecord.latestTime)
        precondition(trade.discard != nil || (trade.price.mantissa > 0 && trade.quantity.mantissa >= 0))
    }
}
