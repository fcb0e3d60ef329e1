import Benchmark
import Foundation
import MarketData
import TradeStore

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

/// Frame → bars: a thousand frames per iteration through the decoder, the check of ids and the bars of three timeframes.
func registerBars() {
    let configuration = Benchmark.defaultConfiguration.scaled(by: .kilo)
    Benchmark("frames to bars", configuration: configuration) { benchmark, pipeline in
        let taken = pipeline.read(benchmark.scaledIterations.count)
        if taken != benchmark.scaledIterations.count { benchmark.error("\(taken) frames became part of a bar") }
    } setup: {
        BarPipeline(frames: AggTradeFrames(count: 100_000))
    }
}

/// Trade → SQLite: a million trades per iteration into a new database, a thousand to a transaction; the checkpoints that
/// fall due meanwhile are part of it, opening and closing are not.
func registerStore() {
    var configuration = Benchmark.defaultConfiguration.scaled(by: .mega)
    configuration.warmupIterations = 0
    configuration.maxIterations = 3
    configuration.maxDuration = .seconds(60)
    Benchmark("trades into SQLite", configuration: configuration) { benchmark in
        let folder = FileManager.default.temporaryDirectory.appending(path: "pairs-benchmark-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let streams = StreamTable(
            AggTradeFrames.instruments.map {
                TradeStream(instrument: Instrument(venue: .binanceUSDM, symbol: $0), name: "aggTrade")
            }
        )
        let store = try SQLiteTradeStore(
            path: folder.appending(path: "pairs.sqlite").path(),
            synchronous: .normal,
            streams: streams
        )
        benchmark.startMeasurement()
        var written = 0
        for start in stride(from: 0, to: benchmark.scaledIterations.count, by: 1_000) {
            written += try await store.write(StoreBatch(trades: trades(start..<(start + 1_000))))
        }
        benchmark.stopMeasurement()
        if written != benchmark.scaledIterations.count { benchmark.error("\(written) trades were written") }
        try await store.close()
    }
}

/// Trades of two instruments in turn, 100 a second.
private func trades(_ positions: Range<Int>) -> [Trade] {
    positions.map { position in
        let step = Int64(position)
        return Trade(
            instrument: InstrumentID(position & 1),
            id: 2_258_461_905 + step >> 1,
            time: Timestamp(microseconds: 1_723_161_256_322_000 + step * 10_000),
            price: FixedDecimal(mantissa: 6_180_000 + (step &* 7919) % 1_000, scale: 2),
            quantity: FixedDecimal(mantissa: 1 + (step &* 104_729) % 2_000, scale: 3),
            takerSide: position % 3 == 0 ? .sell : .buy
        )
    }
}
