package import MarketData

/// Decodes the trades of Kraken's channel `trade`, whose messages hold one trade or several.
///
/// As strict as ``BinanceTradeDecoder``. A message with one trade that cannot be read yields none; the ids of later
/// trades show which trades are missing.
package struct KrakenTradeDecoder: FrameDecoder, Sendable {
    private let symbols: SymbolTable

    /// A decoder for the pairs that were subscribed.
    package init(symbols: [(symbol: String, id: InstrumentID)]) {
        self.symbols = SymbolTable(symbols.map { ($0.symbol, $0.id) })
    }

    /// Appends the trades of one message to `trades`, or returns why the message has none.
    package mutating func decode(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome {
        if let plain = JSONEscapes.decoded(frame) { return decodePlain(plain.span.bytes, into: &trades) }
        return decodePlain(frame, into: &trades)
    }

    private func decodePlain(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome {
        let count = trades.count
        do throws(DecodeFailure) {
            let message = try KrakenMessage(frame)
            guard message.channel.isPresent else { return try message.outcomeOfReply(in: frame) }
            _ = try message.channel.text(in: frame)
            guard message.channel.equals("trade", in: frame) else { return .ignored }
            guard message.data.isPresent else { throw .missingField }
            guard message.data.kind == .array else { throw .wrongType }
            var cursor = JSONCursor(at: message.data.start)
            guard try cursor.enterArray(in: frame) else { return .ignored }
            repeat {
                let (record, id) = try KrakenTrade(&cursor, in: frame).record(in: frame)
                guard let instrument = symbols.id(of: frame.extracting(record.symbol)) else { throw .unknownSymbol }
                trades.append(Trade(record, instrument: instrument, id: id))
            } while try cursor.hasNextElement(in: frame)
            // A snapshot holds trades from before the subscription.
            return message.type.equals("snapshot", in: frame) ? .lastTrade : .trades
        } catch {
            trades.removeLast(trades.count - count)
            return .failed(error.refined(for: frame))
        }
    }
}
