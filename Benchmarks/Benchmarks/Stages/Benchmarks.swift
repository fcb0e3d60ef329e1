import Benchmark

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = Benchmark.Configuration(
        metrics: [.wallClock, .throughput],
        warmupIterations: 3,
        maxDuration: .seconds(3),
        maxIterations: 100_000
    )
    registerDecoding()
    registerBars()
    registerStore()
    registerPairUpdate()
    registerDickeyFuller()
    registerRendering()
}
