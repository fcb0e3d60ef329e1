import MarketData
import TradeFeeds

/// Reads the same frames again and again.
final class FrameReader {
    private let frames: AggTradeFrames
    private var decoder = BinanceTradeDecoder(stream: .aggTrade, symbols: AggTradeFrames.symbols)
    private var trades: [Trade] = []
    private var next = 0

    init(frames: AggTradeFrames) {
        self.frames = frames
    }

    /// Decodes the next frames and returns how many trades they gave.
    func read(_ count: Int) -> Int {
        if next + count > frames.ranges.count { next = 0 }
        trades.removeAll(keepingCapacity: true)
        let text = frames.bytes
        let bytes = text.span.bytes
        for range in frames.ranges[next..<(next + count)] {
            _ = decoder.decode(bytes.extracting(range), into: &trades)
        }
        next += count
        return trades.count
    }
}
