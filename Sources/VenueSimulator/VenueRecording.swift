import MarketData
package import TradeFeeds
import TradeFiles

/// The data of a simulated venue: messages in the order of the stream, and their trades for REST.
package struct VenueRecording: Sendable {
    /// One message of a stream.
    package struct Frame: Sendable {
        /// The name of its stream, such as `btcusdt@trade`.
        package var stream: String
        /// The JSON.
        package var text: String

        /// A message from its parts.
        package init(stream: String, text: String) {
            self.stream = stream
            self.text = text
        }
    }

    /// All messages, in order.
    package var frames: [Frame]
    /// The trades of each symbol, in order of the recording.
    package var trades: [String: [RecordedTrade]]

    /// Messages for trades, in their order.
    package init(trades: [RecordedTrade], event: BinanceStream) {
        frames = trades.map { trade in
            Frame(
                stream: "\(trade.symbol.lowercased())@\(event.rawValue)",
                text: trade.frame(event: event.rawValue)
            )
        }
        self.trades = Dictionary(grouping: trades, by: \.symbol)
    }

    /// The messages of a file, one JSON per line, optionally after a receive time; plain or gzip.
    ///
    /// - Throws: `ReplayError`.
    package init(contentsOf path: String) throws {
        let source = try ReplaySource(path: path, frames: .binance)
        var frames: [Frame] = []
        var trades: [RecordedTrade] = []
        while let frame = try source.withNextLine({ line, bytes in
            if case .trade(let record) = line { trades.append(RecordedTrade(record, in: bytes)) }
            return Frame(line: bytes.string(0..<bytes.byteCount))
        }) {
            if let frame { frames.append(frame) }
        }
        self.frames = frames
        self.trades = Dictionary(grouping: trades, by: \.symbol)
    }
}

extension VenueRecording.Frame {
    /// The JSON of a line and the stream in its wrapper; nil without JSON.
    fileprivate init?(line: String) {
        guard let brace = line.firstIndex(of: "{") else { return nil }
        text = String(line[brace...])
        let parts = text.prefix(80).split(separator: "\"", maxSplits: 4)
        stream = parts.count > 3 && parts[1] == "stream" ? String(parts[3]) : ""
    }
}

extension RecordedTrade {
    fileprivate init(_ record: TradeRecord, in bytes: RawSpan) {
        let none = FixedDecimal(mantissa: 0, scale: 0)
        self.init(
            symbol: bytes.string(record.symbol),
            id: record.id ?? 0,
            time: record.time,
            price: record.price ?? none,
            quantity: record.quantity ?? none,
            buyerIsMaker: record.takerSide == .sell
        )
    }
}

extension RawSpan {
    fileprivate func string(_ range: Range<Int>) -> String {
        String(decoding: range.map { unsafeLoad(fromByteOffset: $0, as: UInt8.self) }, as: UTF8.self)
    }
}
