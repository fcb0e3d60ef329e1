import CAllocations
import Foundation
import MarketData
import TradeStore

/// Trades into a new SQLite database, in transactions of 1,000 and of 10,000; the checkpoints that fall due meanwhile are
/// part of it, opening and closing are not.
enum StoreStage {
    private static let count = 500_000
    private static let symbols = 8

    static func run() async throws {
        let batches = trades()
        for size in [1_000, 10_000] {
            var times: [Double] = []
            var allocations = 0
            for _ in 0..<5 {
                let folder = FileManager.default.temporaryDirectory.appending(path: "pairs-benchmark-\(UUID())")
                defer { try? FileManager.default.removeItem(at: folder) }
                let store = try SQLiteTradeStore(
                    path: folder.appending(path: "pairs.sqlite").path(),
                    synchronous: .normal,
                    streams: StreamTable(
                        (0..<symbols).map {
                            TradeStream(
                                instrument: Instrument(venue: .binanceUSDM, symbol: "COIN\($0)USDT"),
                                name: "aggTrade"
                            )
                        }
                    )
                )
                let (before, start) = (allocation_count(), Measurement.processorTime)
                var written = 0
                for first in stride(from: 0, to: count, by: size) {
                    written += try await store.write(StoreBatch(trades: Array(batches[first..<(first + size)])))
                }
                times.append(Measurement.processorTime - start)
                allocations = allocation_count() - before
                if written != count { fail("store: \(written) of \(count) trades were written") }
                try await store.close()
            }
            Measurement.report("store.b\(size)", units: count, times: times, allocations: allocations)
        }
    }

    /// Trades of eight instruments at random, as the peers' programs write.
    private static func trades() -> [Trade] {
        var random = RandomNumbers(seed: 20_240_229)
        var ids = (0..<symbols).map { 164_325_821 + 1_000_003 * Int64($0) }
        var time: Int64 = 1_700_000_000_123
        return (0..<count).map { _ in
            let symbol = Int.random(in: 0..<symbols, using: &random)
            ids[symbol] += 1
            time += Int64.random(in: 0..<3, using: &random)
            return Trade(
                instrument: InstrumentID(symbol),
                id: ids[symbol],
                time: Timestamp(microseconds: time * 1_000),
                price: FixedDecimal(mantissa: 3_650_000 + Int64.random(in: 0..<1_000, using: &random), scale: 2),
                quantity: FixedDecimal(mantissa: Int64.random(in: 1...10_000, using: &random), scale: 3),
                takerSide: .buy
            )
        }
    }
}
