import PairEngine
import PrometheusExposition
import ServiceLifecycle

/// Runs the periodic tests outside the market loop, one after another, and hands their results back.
///
/// Tests that wait too long are of no interest any more: the oldest are dropped, and the next bar makes new ones.
struct TestRunner: Service {
    private static let longestQueue = 1000

    private let loop: MarketLoop
    private let duration: Histogram
    private let queue: AsyncStream<[TestJob]>
    private let continuation: AsyncStream<[TestJob]>.Continuation

    init(loop: MarketLoop, duration: Histogram) {
        self.loop = loop
        self.duration = duration
        (queue, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.longestQueue))
    }

    /// Puts tests in the queue.
    func enqueue(_ jobs: [TestJob]) {
        if !jobs.isEmpty { continuation.yield(jobs) }
    }

    func run() async {
        let clock = ContinuousClock()
        for await jobs in queue.cancelOnGracefulShutdown() {
            var results: [(job: TestJob, outcome: TestOutcome)] = []
            for job in jobs {
                let start = clock.now
                results.append((job, job.run()))
                duration.observe((clock.now - start) / .seconds(1))
            }
            await loop.complete(results)
        }
    }
}
