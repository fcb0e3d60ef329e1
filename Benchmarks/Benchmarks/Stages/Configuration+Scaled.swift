import Benchmark

extension Benchmark.Configuration {
    /// The configuration with each iteration made of many operations.
    func scaled(by factor: BenchmarkScalingFactor) -> Benchmark.Configuration {
        var configuration = self
        configuration.scalingFactor = factor
        return configuration
    }
}
