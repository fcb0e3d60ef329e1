import MarketData

/// The targets among the parsers of this module: any bytes give an outcome, and an outcome keeps its promises.
package enum TradeFeedsTargets {
    package static func target(_ name: String) -> ((UnsafeRawBufferPointer) -> Void)? {
        if let samples = LiveVenues.all.first(where: { $0.venue.rawValue == name })?.samples {
            return decoder(samples.recordedDecoder(numbered(samples.recordedSymbols)))
        }
        return switch name {
        case "answers": AnswerTarget.run
        case "websocket": WebSocketTarget.run
        default: nil
        }
    }

    private static func numbered(_ names: [String]) -> [(symbol: String, id: InstrumentID)] {
        names.enumerated().map { ($1, InstrumentID($0)) }
    }

    /// Decoding twice is the same, and so is decoding without the quick way of the frequent messages, where there is one.
    private static func decoder<Decoder: FrameDecoder>(
        _ first: Decoder
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
            var full: [Trade] = []
            precondition(
                decoder.decodeFully(input.bytes, into: &full) == outcome && full == trades,
                "the quick way differs"
            )
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
