import Logging
import PrometheusExposition
import ServiceLifecycle
import TradeFeeds

/// Reports when the wall clock is set. Trades are checked by the venues' clocks; times in logs are those of the wall
/// clock.
struct ClockService: Service {
    private static let interval = Duration.milliseconds(250)
    /// The least time between two log lines, for a clock that is set repeatedly.
    private static let pause = Duration.seconds(10)

    let steps: Counter
    let logger: Logger

    func run() async {
        try? await cancelWhenGracefulShutdown {
            var (watch, lastLine) = (WallClockSteps(), ContinuousClock.Instant?.none)
            var sum = 0.0
            while true {
                if let step = watch.readClocks() {
                    steps.increment()
                    sum += Double(step) / 1e6
                }
                if sum != 0, lastLine.map({ $0.duration(to: .now) >= Self.pause }) ?? true {
                    lastLine = .now
                    logger.warning(
                        "the wall clock moved by \(sum.formatted(decimals: 1)) s against the monotonic clock",
                        metadata: ["effect": "trades are judged by the venues' clocks, which are measured again"]
                    )
                    sum = 0
                }
                try await Task.sleep(for: Self.interval)
            }
        }
    }
}
