import MarketData
import TradeFeeds

/// Reads the same frames repeatedly.
final class FrameReader {
    private let frames: AggTradeFrames
    private var decoder = BinanceTradeDecoder(stream: .aggTrade, symbols: AggTradeFrames.symbols)
    private var trades: [Trade] = []

    init(frames: AggTradeFrames) {
        self.frames = frames
    }

    /// Decodes all frames, 20 to a batch, and returns how many trades they gave.
    func readAll() -> Int {
        let text = frames.bytes
        let bytes = text.span.bytes
        var count = 0
        for range in frames.ranges {
            _ = decoder.decode(bytes.extracting(range), into: &trades)
            guard trades.count == 20 else { continue }
            count += trades.count
            trades.removeAll(keepingCapacity: true)
        }
        return count + trades.count
    }
}
