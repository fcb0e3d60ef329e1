import DequeModule
import PairEngine
import PrometheusExposition
import ServiceLifecycle
import Synchronization
import TradeStore

/// Runs the periodic tests outside the market loop and returns their results to it.
///
/// No test is left out, so that the same bars give the same readings at every speed. The market loop releases the tests of
/// one reading one after another; a feed that brings bars faster than tests can be run helps to run them before it goes
/// on.
final class TestRunner: Service {
    private struct Waiting {
        var tests: Deque<TestJob> = []
        var generation = 0
        /// Wakes the service while it runs.
        var wakeUp: AsyncStream<Void>.Continuation?
    }

    private let loop: MarketLoop
    private let writer: StoreWriter
    private let duration: Histogram
    private let waitingLimit: Int
    private let waiting = Mutex(Waiting())

    /// - Parameter waitingLimit: tests that may wait before a feed must help, at least four of each reading.
    init(loop: MarketLoop, writer: StoreWriter, duration: Histogram, waitingLimit: Int = 1_000) {
        self.loop = loop
        self.waitingLimit = waitingLimit
        self.writer = writer
        self.duration = duration
    }

    /// Puts tests in the queue. Where too many wait, it returns only after enough of them have been run.
    func enqueue(_ consequences: MarketLoop.Consequences) async {
        add(consequences)
        var waiting = consequences.waitingTests
        let limit = max(waitingLimit, 4 * consequences.readingCount)
        while waiting > limit, !Task.isCancelled {
            if let (job, generation) = next() {
                waiting = await run(job, generation).waitingTests
            } else {
                // The tests that wait follow those that run elsewhere now.
                try? await Task.sleep(for: .milliseconds(1))
                waiting = await loop.waitingTests
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
    /// - Returns: what follows from it, of which the tests are in the queue already.
    @discardableResult
    private func run(_ job: TestJob, _ generation: Int) async -> MarketLoop.Consequences {
        let clock = ContinuousClock()
        let start = clock.now
        let result = job.run()
        duration.observe((clock.now - start) / .seconds(1))
        let consequences = await loop.complete(job, result, generation: generation)
        if !consequences.batch.isEmpty { await writer.enqueue(consequences.batch) }
        add(consequences)
        return consequences
    }

    private func add(_ consequences: MarketLoop.Consequences) {
        if consequences.tests.isEmpty { return }
        waiting.withLock { waiting in
            guard consequences.generation >= waiting.generation else { return }
            if consequences.generation > waiting.generation {
                waiting.tests = []
                waiting.generation = consequences.generation
            }
            waiting.tests += consequences.tests
            waiting.wakeUp?.yield()
        }
    }

    private func next() -> (TestJob, generation: Int)? {
        waiting.withLock { waiting in
            waiting.tests.popFirst().map { ($0, waiting.generation) }
        }
    }
}
