import DequeModule
import PairEngine
import PrometheusExposition
import ServiceLifecycle
import Synchronization
import TradeStore

/// Runs the periodic tests outside the market engine and returns their results to it.
///
/// No test is left out, so that the same bars give the same readings at every speed. The market engine releases the
/// tests of one reading one after another; a feed that delivers bars faster than tests can run helps to run them before
/// it continues.
final class TestRunner: Service {
    private struct Waiting {
        var tests: Deque<TestJob> = []
        var generation = 0
        /// Wakes the service while it runs.
        var wakeUp: AsyncStream<Void>.Continuation?
    }

    private let market: MarketEngine
    private let writer: StoreWriter
    private let duration: Histogram
    private let waitingLimit: Int
    private let waiting = Mutex(Waiting())

    /// - Parameter waitingLimit: tests that may wait before a feed must help, at least four of each reading.
    init(market: MarketEngine, writer: StoreWriter, duration: Histogram, waitingLimit: Int = 1_000) {
        self.market = market
        self.waitingLimit = waitingLimit
        self.writer = writer
        self.duration = duration
    }

    /// Puts tests in the queue. Where too many wait, it returns only after enough of them have been run.
    func enqueue(_ effects: MarketEngine.Effects) async {
        add(effects)
        var waiting = effects.waitingTests
        let limit = max(waitingLimit, 4 * effects.readingCount)
        while waiting > limit, !Task.isCancelled {
            if let (job, generation) = next() {
                waiting = await run(job, generation).waitingTests
            } else {
                // The tests that wait follow those that run elsewhere now.
                try? await Task.sleep(for: .milliseconds(1))
                waiting = await market.waitingTests
            }
        }
    }

    /// Runs tests until the service group shuts down; may be called again after that.
    func run() async {
        let (wakeUps, wakeUp) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        waiting.withLock { $0.wakeUp = wakeUp }
        // Tests may wait already.
        wakeUp.yield()
        for await _ in wakeUps.cancelOnGracefulShutdown() {
            while !Task.isShuttingDownGracefully, let (job, generation) = next() { await run(job, generation) }
        }
    }

    /// Runs one test.
    /// - Returns: its effects, whose tests are already in the queue.
    @discardableResult
    private func run(_ job: TestJob, _ generation: Int) async -> MarketEngine.Effects {
        let clock = ContinuousClock()
        let start = clock.now
        let result = job.run()
        duration.observe((clock.now - start) / .seconds(1))
        let effects = await market.complete(job, result, generation: generation)
        if !effects.batch.isEmpty { await writer.enqueue(effects.batch) }
        add(effects)
        return effects
    }

    private func add(_ effects: MarketEngine.Effects) {
        if effects.tests.isEmpty { return }
        waiting.withLock { waiting in
            guard effects.generation >= waiting.generation else { return }
            if effects.generation > waiting.generation {
                waiting.tests = []
                waiting.generation = effects.generation
            }
            waiting.tests += effects.tests
            waiting.wakeUp?.yield()
        }
    }

    private func next() -> (TestJob, generation: Int)? {
        waiting.withLock { waiting in
            waiting.tests.popFirst().map { ($0, waiting.generation) }
        }
    }
}
