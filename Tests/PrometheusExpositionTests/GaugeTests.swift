import PrometheusExposition
import Testing

@Suite struct GaugeTests {
    private let gauge = Gauge(MetricFamily("demo", .gauge, help: "h"))

    @Test("a gauge is absent until it is set, and again when it is unset")
    func absence() throws {
        let registry = try MetricsRegistry(families: [gauge.family], collectors: [gauge])
        #expect(gauge.value == nil)
        #expect(registry.seriesCount == 0)
        gauge.value = -2
        #expect(gauge.value == -2)
        #expect(String(decoding: try registry.render(.text), as: UTF8.self).hasSuffix("\ndemo -2\n"))
        gauge.value = nil
        #expect(registry.seriesCount == 0)
    }

    @Test("adding starts from 0 where the value is absent")
    func adding() {
        gauge.add(3)
        gauge.add(-1)
        #expect(gauge.value == 2)
    }

    @Test("no change is lost between threads")
    func concurrency() async {
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<2_000 {
                        gauge.add(2)
                        gauge.add(-1)
                    }
                }
            }
        }
        #expect(gauge.value == 16_000)
    }
}
