import PairEngine
import PrometheusExposition
import ServiceLifecycle
import Synchronization

/// Runs what is periodic outside the market loop, one after another, and hands the results back.
///
/// Of several tests of one reading that wait only the newest is of interest, so no more wait than there are readings,
/// and a flood of short bars cannot crowd out the rare long ones.
final class TestRunner: Service {
    private struct Waiting {
        var tests: [Int: TestJob] = [:]
        var generation = 0
    }

    private let loop: MarketLoop
    private let duration: Histogram
    private let waiting = Mutex(Waiting())
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation

    init(loop: MarketLoop, duration: Histogram) {
        self.loop = loop
        self.duration = duration
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Puts tests in the queue.
    func enqueue(_ consequences: MarketLoop.Consequences) {
        if consequences.tests.isEmpty { return }
        waiting.withLock { waiting in
            guard consequences.generation >= waiting.generation else { return }
            if consequences.generation > waiting.generation {
                waiting = Waiting(generation: consequences.generation)
            }
            for job in consequences.tests { waiting.tests[job.reading] = job }
        }
        wakeUp.yield()
    }

    func run() async {
        let clock = ContinuousClock()
        for await _ in wakeUps.cancelOnGracefulShutdown() {
            let work = waiting.withLock { waiting in
                defer { waiting = Waiting(generation: waiting.generation) }
                return waiting
            }
            for job in work.tests.values {
                let start = clock.now
                let outcome = job.run()
                duration.observe((clock.now - start) / .seconds(1))
                await loop.complete(job, outcome, generation: work.generation)
            }
        }
    }
}
