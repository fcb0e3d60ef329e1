import Logging
import PrometheusExposition
import ServiceLifecycle
import TradeFeeds

/// Reports when the wall clock is set. Trades are judged by the venues' clocks; what the operator sees in logs and in
/// times of day is the wall clock's.
struct ClockService: Service {
    private static let interval = Duration.milliseconds(250)
    /// A clock that is set again and again causes no more lines than one in that time.
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
