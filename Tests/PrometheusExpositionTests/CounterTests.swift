import PrometheusExposition
import Testing

@Suite struct CounterTests {
    private let counter = Counter(MetricFamily("demo_total", .counter, help: "h"))

    @Test("a counter starts at 0 and adds up")
    func increments() {
        #expect(counter.value == 0)
        counter.increment()
        counter.increment(by: 2.5)
        #expect(counter.value == 3.5)
    }

    @Test("a counter never falls and is always finite", arguments: [-1, -0.001, .nan, .infinity, -.infinity])
    func ignored(amount: Double) {
        counter.increment()
        counter.increment(by: amount)
        #expect(counter.value == 1)
    }

    @Test("no increment is lost between threads")
    func concurrency() async {
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<5_000 { counter.increment() }
                }
            }
        }
        #expect(counter.value == 40_000)
    }
}
