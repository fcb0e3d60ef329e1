import PairEngine
import PrometheusExposition
import ServiceLifecycle
import TradeStore

/// Runs what is periodic outside the market loop, one after another, and hands the results back.
///
/// What waits too long is of no interest any more: the oldest is dropped, and the next bar makes new work.
struct TestRunner: Service {
    private static let longestQueue = 1000

    private let loop: MarketLoop
    private let duration: Histogram
    private let queue: AsyncStream<MarketLoop.Consequences>
    private let continuation: AsyncStream<MarketLoop.Consequences>.Continuation

    init(loop: MarketLoop, duration: Histogram) {
        self.loop = loop
        self.duration = duration
        (queue, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.longestQueue))
    }

    /// Puts tests and correlations in the queue.
    func enqueue(_ consequences: MarketLoop.Consequences) {
        if consequences.tests.isEmpty, consequences.tickCorrelation == nil { return }
        var work = consequences
        work.batch = StoreBatch()
        continuation.yield(work)
    }

    func run() async {
        let clock = ContinuousClock()
        for await work in queue.cancelOnGracefulShutdown() {
            var results: [(job: TestJob, outcome: TestOutcome)] = []
            for job in work.tests {
                let start = clock.now
                results.append((job, job.run()))
                duration.observe((clock.now - start) / .seconds(1))
            }
            if !results.isEmpty { await loop.complete(results) }
            if let correlations = work.tickCorrelation?.run() { await loop.complete(correlations) }
        }
    }
}
