package import MarketData

/// Decodes the trades of Bybit's topic `publicTrade`, whose messages hold up to 1,024 trades.
///
/// As strict as ``BinanceTradeDecoder``. The id of a decoded trade is the cross sequence number of its match, which
/// several trades can share; see ``ArrivalNumbering``.
package struct BybitTradeDecoder: FrameDecoder, Sendable {
    private let symbols: SymbolTable

    /// A decoder for the instruments that were subscribed.
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
            let message = try BybitMessage(frame)
            guard message.topic.isPresent else { return try message.outcomeOfReply(in: frame) }
            guard try message.isOfTrades(in: frame) else { return .ignored }
            guard message.data.isPresent else { throw .missingField }
            guard message.data.kind == .array else { throw .wrongType }
            var cursor = JSONCursor(at: message.data.start)
            guard try cursor.enterArray(in: frame) else { return .ignored }
            repeat {
                let (record, number) = try BybitTrade(&cursor, in: frame, from: .topic).record(in: frame)
                guard let instrument = symbols.id(of: frame.extracting(record.symbol)) else { throw .unknownSymbol }
                trades.append(Trade(record, instrument: instrument, id: number))
            } while try cursor.hasNextElement(in: frame)
            return .trades
        } catch {
            trades.removeLast(trades.count - count)
            return .failed(error.refined(for: frame))
        }
    }
}
