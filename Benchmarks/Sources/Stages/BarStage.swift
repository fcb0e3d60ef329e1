import MarketData
import TradeFeeds

/// The path of a read, with a batch and an output of its own each time, as in the exporter.
final class BarStage {
    /// Frames that arrive together.
    private static let framesPerRead = 20

    private let frames: AggTradeFrames
    private var decoder = BinanceTradeDecoder(stream: .aggTrade, symbols: AggTradeFrames.symbols)
    private var pipeline = BarStage.emptyPipeline
    private var next = 0

    private static var emptyPipeline: VenuePipeline {
        VenuePipeline(
            instruments: AggTradeFrames.instruments.indices.map { InstrumentID($0) },
            timeframes: ["1s", "1m", "5m"].compactMap(Timeframe.init),
            lateness: 250_000,
            carryLimit: 20
        )
    }

    init(frames: AggTradeFrames) {
        self.frames = frames
    }

    /// Processes the next frames and returns how many trades were new to the bars.
    func read(_ count: Int) -> Int {
        if next + count > frames.ranges.count {
            next = 0
            pipeline = Self.emptyPipeline
        }
        let text = frames.bytes
        let bytes = text.span.bytes
        let end = next + count
        var taken = 0
        while next < end {
            let following = min(next + Self.framesPerRead, end)
            var trades: [Trade] = []
            trades.reserveCapacity(following - next)
            for range in frames.ranges[next..<following] {
                _ = decoder.decode(bytes.extracting(range), into: &trades)
            }
            next = following
            guard let last = trades.last else { continue }
            var output = PipelineOutput()
            pipeline.append(TradeBatch(trades: trades, receivedAt: last.time), into: &output)
            taken += output.trades.count
        }
        return taken
    }
}
