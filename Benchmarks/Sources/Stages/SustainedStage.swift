import Foundation
import MarketData
import Synchronization
import TradeFeeds

/// Socket → bars for a while, at the rate of the server: how much arrives, the share of a core, and whether memory
/// grows.
enum SustainedStage {
    private struct Progress {
        var pipeline = SocketStage.pipeline
        var taken = 0
        var start = 0.0
        var processorStart = 0.0
        /// Resident bytes once all buffers have their size.
        var earlyMemory = 0
    }

    static func run(port: String, seconds: Double) async throws {
        let feed = try SocketStage.feed(port: port)
        let progress = Mutex(Progress())
        do {
            try await feed.run(resuming: [:]) { event in
                guard case .trades(let batch) = event else { return }
                let now = ProcessInfo.processInfo.systemUptime
                let isDone = progress.withLock { progress in
                    if progress.start == 0 {
                        (progress.start, progress.processorStart) = (now, Measurement.processorTime)
                    }
                    var output = PipelineOutput()
                    progress.pipeline.append(batch, into: &output)
                    progress.taken += output.trades.count
                    let passed = now - progress.start
                    if passed > seconds / 5, progress.earlyMemory == 0 { progress.earlyMemory = residentBytes }
                    return passed >= seconds
                }
                if isDone { throw CancellationError() }
            }
        } catch is CancellationError {}
        progress.withLock { progress in
            let passed = ProcessInfo.processInfo.systemUptime - progress.start
            let missing = progress.pipeline.pipelines.reduce(0) { $0 + $1.counts.missing }
            print(
                #"{"name": "sustained", "trades_per_second": \#(Double(progress.taken) / passed), "seconds": \#(passed), "#
                    + #""cpu_share": \#((Measurement.processorTime - progress.processorStart) / passed), "#
                    + #""early_memory": \#(progress.earlyMemory), "late_memory": \#(residentBytes), "#
                    + #""missing": \#(missing)}"#
            )
        }
    }

    private static var residentBytes: Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
