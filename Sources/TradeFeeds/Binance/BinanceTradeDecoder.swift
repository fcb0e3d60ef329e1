package import MarketData

/// Decodes Binance's trade events, `aggTrade` or `trade`, bare or wrapped by a combined stream.
///
/// It reads the bytes in place, without allocation, and is strict: a field of another type than documented, a duplicate
/// field, or invalid JSON is a failure and never a trade. ``AggTradeScanner`` reads the usual form of a message about
/// ten times as fast as the full decoder.
package struct BinanceTradeDecoder: FrameDecoder, Sendable {
    private let stream: BinanceStream
    private let symbols: SymbolTable

    /// A decoder of one kind of event for the symbols that were subscribed.
    package init(stream: BinanceStream, symbols: [(symbol: String, id: InstrumentID)]) {
        self.stream = stream
        self.symbols = SymbolTable(symbols.map { ($0.symbol, $0.id) })
    }

    /// Appends the trade of one message to `trades`, or returns why the message has none.
    package mutating func decode(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome {
        if stream == .aggTrade, let (record, id) = AggTradeScanner.record(in: frame),
            let instrument = symbols.id(of: record.symbol, in: frame)
        {
            trades.append(Trade(record, instrument: instrument, id: id))
            return .trades
        }
        return decodeFully(frame, into: &trades)
    }

    /// Decodes a message of any shape.
    func decodeFully(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome {
        if let plain = JSONEscapes.decoded(frame) { return decodePlain(plain.span.bytes, into: &trades) }
        return decodePlain(frame, into: &trades)
    }

    private func decodePlain(_ frame: RawSpan, into trades: inout [Trade]) -> FrameOutcome {
        do throws(DecodeFailure) {
            let message = try BinanceMessage(frame)
            guard message.isEvent(stream, in: frame) else { return try message.outcomeOfOther(in: frame) }
            let (record, id) = try message.record(of: stream, in: frame)
            guard let instrument = symbols.id(of: record.symbol, in: frame) else { throw .unknownSymbol }
            trades.append(Trade(record, instrument: instrument, id: id))
            return .trades
        } catch {
            return .failed(error.refined(for: frame))
        }
    }
}
