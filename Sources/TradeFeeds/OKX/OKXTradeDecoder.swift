package import MarketData

/// Decodes the trades of an OKX channel, `trades-all`, whose messages hold one trade or several.
///
/// As strict as ``BinanceTradeDecoder``. A message with one trade that cannot be read yields none; the ids of later
/// trades show which trades are missing.
package struct OKXTradeDecoder: FrameDecoder, Sendable {
    private let channel: StaticString
    private let symbols: SymbolTable

    /// A decoder for the instruments that were subscribed on a channel.
    package init(channel: StaticString = "trades-all", symbols: [(symbol: String, id: InstrumentID)]) {
        self.channel = channel
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
            if isPong(frame) { return .acknowledgement }
            let message = try OKXMessage(frame)
            guard message.data.isPresent else { return try message.outcomeOfEvent(in: frame) }
            _ = try message.channel.text(in: frame)
            guard message.channel.equals(channel, in: frame) else { return .ignored }
            guard message.data.kind == .array else { throw .wrongType }
            var cursor = JSONCursor(at: message.data.start)
            guard try cursor.enterArray(in: frame) else { return .ignored }
            repeat {
                let (record, id) = try OKXTrade(&cursor, in: frame).record(in: frame)
                guard let instrument = symbols.id(of: frame.extracting(record.symbol)) else { throw .unknownSymbol }
                trades.append(Trade(record, instrument: instrument, id: id))
            } while try cursor.hasNextElement(in: frame)
            return .trades
        } catch {
            trades.removeLast(trades.count - count)
            return .failed(error.refined(for: frame))
        }
    }

    /// The answer to the text `ping` is the text `pong`, which is not JSON.
    private func isPong(_ frame: RawSpan) -> Bool {
        frame.byteCount == 4 && JSONValue(kind: .string, start: 0, end: 4).equals("pong", in: frame)
    }
}
