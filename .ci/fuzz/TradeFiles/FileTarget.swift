import MarketData
import TradeFeeds

/// Complete files from their first byte: packed or plain, in any encoding, of trades or of bars.
final class FileTarget {
    private let file = MemoryFile()

    func run(_ input: UnsafeRawBufferPointer) {
        guard !input.starts(with: XZInput.signature) else { return }
        file.replace(with: Array(input))
        // The options of a user for a file that does not state enough.
        let isNamed = input.count.isMultiple(of: 2)
        let naming = TradeFileNaming(venue: .replay, symbol: isNamed ? "BTCUSDT" : nil)
        if BarFile.isBars(file.path) {
            checkBars(naming, isNamed ? Timeframe("1m") : nil)
        } else {
            checkTrades(naming)
        }
    }

    private func checkBars(_ naming: TradeFileNaming, _ timeframe: Timeframe?) {
        guard let bars = try? BarFile(path: file.path, naming: naming, timeframe: timeframe) else { return }
        precondition(bars.contents.allSatisfy { $0.bars > 0 && $0.bars <= bars.rows })
    }

    private func checkTrades(_ naming: TradeFileNaming) {
        guard let trades = try? TradeFile(path: file.path, naming: naming, frames: .binance) else { return }
        for content in trades.contents {
            precondition(content.trades > 0 && content.trades <= trades.rows)
            precondition(content.ids.lowerBound >= 0 && content.times.lowerBound.microseconds >= 0)
        }
    }
}
