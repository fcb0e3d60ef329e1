import Logging

/// Logs failures that continue: the first at once, then at most one line per interval, and the recovery.
struct FailureLog {
    private let logger: Logger
    private let interval = Duration.seconds(30)
    private var lastLine: ContinuousClock.Instant?
    private var count = 0

    init(logger: Logger) {
        self.logger = logger
    }

    mutating func failed(_ error: any Error, at now: ContinuousClock.Instant) {
        count += 1
        if let lastLine, now - lastLine < interval { return }
        lastLine = now
        logger.error(
            "the store cannot be written",
            metadata: ["error": "\(error)", "failures": .stringConvertible(count)]
        )
    }

    mutating func recovered(droppedTrades: Int) {
        logger.notice(
            "the store can be written again",
            metadata: ["failures": .stringConvertible(count), "dropped_trades": .stringConvertible(droppedTrades)]
        )
        count = 0
        lastLine = nil
    }
}
