import CAllocations
import Foundation
import Logging
import MarketData
import Synchronization
import TradeFeeds

/// Socket → bars: the live feed of Binance USD-M, connected to a server that sends as fast as it is read, and the bars of
/// three timeframes. CPU time is that of the whole process from the first read to the last.
enum SocketStage {
    private static let symbols = [
        "BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT", "XRPUSDT", "ADAUSDT", "DOGEUSDT", "LTCUSDT",
    ]

    private struct Progress {
        var pipeline: VenuePipeline
        var taken = 0
        var start = 0.0
        var allocations = 0
    }

    /// A feed of a server on this machine, not yet connected.
    static func feed(port: String) throws -> any TradeFeed {
        try VenueDescriptor.binanceUSDM.feed(
            stream: "aggTrade",
            configuration: LiveFeedConfiguration(
                websocketURL: "ws://127.0.0.1:\(port)",
                restURL: "http://127.0.0.1:\(port)"
            ),
            streams: StreamTable(
                symbols.map { TradeStream(instrument: Instrument(venue: .binanceUSDM, symbol: $0), name: "aggTrade") }
            ),
            logger: Logger(label: "stages")
        )
    }

    /// The bars of that feed's instruments, of three timeframes.
    static var pipeline: VenuePipeline {
        VenuePipeline(
            instruments: symbols.indices.map { InstrumentID($0) },
            timeframes: ["1s", "1m", "5m"].compactMap(Timeframe.init),
            lateness: 250_000,
            carryLimit: 20
        )
    }

    static func run(port: String, count: Int) async throws {
        let feed = try Self.feed(port: port)
        let progress = Mutex(Progress(pipeline: pipeline))
        do {
            try await feed.run(resuming: [:]) { event in
                guard case .trades(let batch) = event else { return }
                let isDone = progress.withLock { progress in
                    if progress.start == 0 {
                        (progress.start, progress.allocations) = (Measurement.processorTime, allocation_count())
                    }
                    var output = PipelineOutput()
                    progress.pipeline.append(batch, into: &output)
                    progress.taken += output.trades.count
                    return progress.taken >= count
                }
                if isDone { throw CancellationError() }
            }
        } catch is CancellationError {}
        progress.withLock { progress in
            Measurement.report(
                "websocket",
                units: count,
                times: [Measurement.processorTime - progress.start],
                allocations: allocation_count() - progress.allocations
            )
        }
    }
}
