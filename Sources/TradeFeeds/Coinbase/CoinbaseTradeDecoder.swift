package import MarketData

/// Decodes the trades of Coinbase Exchange, channels `matches` and `heartbeat`.
///
/// As strict as ``BinanceTradeDecoder``.
package struct CoinbaseTradeDecoder: FrameDecoder, Sendable {
    private let symbols: SymbolTable

    /// A decoder for the products that were subscribed.
    package init(symbols: [(symbol: String, id: InstrumentID)]) {
        self.symbols = SymbolTable(symbols.map { ($0.symbol, $0.id) })
    }

    /// Appends the trade of one message to `trades`, or returns why the message has none.
    package mutating func decode(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome {
        if let plain = JSONEscapes.decoded(frame) { return decodePlain(plain.span.bytes, into: &trades) }
        return decodePlain(frame, into: &trades)
    }

    private func decodePlain(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome {
        do throws(DecodeFailure) {
            let message = try CoinbaseMessage(frame)
            _ = try message.type.text(in: frame)
            if message.type.equals("match", in: frame) {
                trades.append(try trade(message, in: frame))
                return .trades
            }
            if message.type.equals("last_match", in: frame) {
                trades.append(try trade(message, in: frame))
                return .lastTrade
            }
            if message.type.equals("heartbeat", in: frame) { return try heartbeat(message, in: frame) }
            if message.type.equals("subscriptions", in: frame) { return .acknowledgement }
            if message.type.equals("error", in: frame) { throw .refused }
            return .ignored
        } catch {
            return .failed(error.refined(for: frame))
        }
    }

    private func trade(_ message: CoinbaseMessage, in frame: RawSpan) throws(DecodeFailure) -> Trade {
        let symbol = try message.symbol.text(in: frame)
        let (record, id) = try message.record(of: symbol, in: frame)
        return Trade(record, instrument: try instrument(symbol, in: frame), id: id)
    }

    /// The last id of a product; 0 is ignored, because the venue has sent it for products that trade.
    private func heartbeat(_ message: CoinbaseMessage, in frame: RawSpan) throws(DecodeFailure) -> FrameOutcome {
        let lastID = try message.lastID.integer(in: frame)
        let instrument = try instrument(message.symbol.text(in: frame), in: frame)
        return lastID == 0 ? .ignored : .heartbeat(instrument, lastID: lastID)
    }

    private func instrument(_ symbol: Range<Int>, in frame: RawSpan) throws(DecodeFailure) -> InstrumentID {
        guard let instrument = symbols.id(of: frame.extracting(symbol)) else { throw .unknownSymbol }
        return instrument
    }
}
