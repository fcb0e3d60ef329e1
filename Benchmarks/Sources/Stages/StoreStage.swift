import CAllocations
import CPlainStore
import Foundation
import MarketData
import TradeStore

/// Trades into a new SQLite database, compared in turns with the same rows in the same schema by SQLite's C interface.
/// The checkpoints in between are included, opening and closing are not.
enum StoreStage {
    private static let count = 500_000
    private static let repetitions = 5

    static func run(isWanted: @Sendable (String) -> Bool) async throws {
        for symbols in [8, 2, 50, 500] {
            for size in [1_000, 10_000] {
                let name = symbols == 8 ? "store.b\(size)" : "store.s\(symbols).b\(size)"
                if isWanted(name) { try await run(name, symbols: symbols, size: size) }
            }
        }
    }

    private static func run(_ name: String, symbols: Int, size: Int) async throws {
        let trades = trades(symbols: symbols)
        let rows = trades.map { trade in
            plain_trade(
                key: ((Int64(trade.instrument.index) + 1) << 44) + trade.id,
                time_us: trade.time.microseconds,
                price: trade.price.mantissa,
                quantity: trade.quantity.mantissa,
                format: Int64(trade.price.scale | trade.quantity.scale << 5 | 1 << 10)
            )
        }
        var (times, plainTimes): ([Double], [Double]) = ([], [])
        var (allocations, bytes) = (0, 0)
        for _ in 0..<repetitions {
            let folder = FileManager.default.temporaryDirectory.appending(path: "pairs-benchmark-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            plainTimes.append(plain_insert(folder.appending(path: "plain.sqlite").path(), rows, count, size))
            if plainTimes.contains(where: { $0 < 0 }) { fail("store: SQLite's C interface reports an error") }
            let path = folder.appending(path: "pairs.sqlite").path()
            let before = allocation_count()
            times.append(try await write(trades, symbols: symbols, size: size, path: path))
            allocations = allocation_count() - before
            bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        }
        Measurement.report(name, units: count, times: times, allocations: allocations, bytes: bytes)
        Measurement.report("plain.\(name)", units: count, times: plainTimes, allocations: 0)
    }

    private static func write(_ trades: [Trade], symbols: Int, size: Int, path: String) async throws -> Double {
        let streams = StreamTable(
            (0..<symbols).map {
                TradeStream(instrument: Instrument(venue: .binanceUSDM, symbol: "COIN\($0)USDT"), name: "aggTrade")
            }
        )
        let store = try await StoreLocation(path: path).open(streams: streams)
        let start = Measurement.processorTime
        var written = 0
        for first in stride(from: 0, to: count, by: size) {
            written += try await store.write(StoreBatch(trades: Array(trades[first..<(first + size)])))
        }
        let time = Measurement.processorTime - start
        if written != count { fail("store: \(written) of \(count) trades were written") }
        try await store.close()
        return time
    }

    /// Trades of instruments at random, as the peers' programs write.
    private static func trades(symbols: Int) -> [Trade] {
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
