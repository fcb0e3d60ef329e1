import Benchmark
import MarketData
import TradeFeeds

/// Frame → trade: a thousand frames per iteration, on one core.
func registerDecoding() {
    let configuration = Benchmark.defaultConfiguration.scaled(by: .kilo)
    Benchmark("decode aggTrade frames", configuration: configuration) { benchmark, reader in
        let decoded = reader.read(benchmark.scaledIterations.count)
        if decoded != benchmark.scaledIterations.count { benchmark.error("\(decoded) frames gave a trade") }
    } setup: {
        FrameReader(frames: AggTradeFrames(count: 100_000))
    }
}

/// Reads the same frames again and again.
private final class FrameReader {
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
        let bytes = frames.bytes.span.bytes
        for range in frames.ranges[next..<(next + count)] {
            _ = decoder.decode(bytes.extracting(range), into: &trades)
        }
        next += count
        return trades.count
    }
}
