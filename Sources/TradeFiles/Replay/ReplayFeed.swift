package import Logging
package import MarketData
package import TradeFeeds

/// The trades of a file as a feed, in file order.
package struct ReplayFeed: TradeFeed {
    private static let batchSize = 1000
    private static let tickInterval = Duration.milliseconds(50)

    /// The feed's counters; a line counts as a frame.
    package let counters = FeedCounters()

    private let file: ReplayFile
    private let frames: FrameFormat
    private let speed: ReplaySpeed
    private let symbols: SymbolTable
    private let logger: Logger

    /// A feed of the streams of a file that are in a table; the lines of other symbols are ignored.
    package init(
        file: ReplayFile,
        frames: FrameFormat,
        speed: ReplaySpeed,
        streams: StreamTable,
        logger: Logger
    ) {
        self.file = file
        self.frames = frames
        self.speed = speed
        self.logger = logger
        symbols = SymbolTable(
            file.streams.compactMap { stream in
                streams.id(of: stream.instrument).map { (stream.instrument.symbol, $0) }
            }
        )
    }

    /// ``Venue/replay``.
    package var venue: Venue { .replay }

    /// Plays the file once and returns; trades with ids up to those of `positions` are skipped.
    ///
    /// - Throws: ``ReplayError`` when the file cannot be read, `CancellationError`, or the error of the sink.
    package func run(
        resuming positions: [InstrumentID: StreamPosition],
        missing: @escaping @Sendable () async -> [RepairRequest],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        let source = try ReplaySource(path: file.path, frames: frames)
        counters.update { counts in
            counts.connects += 1
            counts.state = .flowing
        }
        defer { counters.update { $0.state = .stopped } }
        try await sink(.state(.flowing))
        var player = ReplayPlayer(positions: positions)
        var failureLog = LogLimiter<DecodeFailure>()
        var clock: ReplayClock?
        while true {
            let failure = player.failures
            guard try player.readLine(of: source, symbols: symbols, counters: counters) else { break }
            if player.failures != failure, let fault = player.lastFault {
                log(fault, line: source.lineNumber, &failureLog)
            }
            guard let next = player.next else { continue }
            if case .times(let factor) = speed, next.discard != .time {
                let pace = clock ?? ReplayClock(speed: factor, startTime: next.time, startInstant: .now)
                clock = pace
                if pace.time(at: .now) < next.time {
                    try await flush(&player, into: sink)
                    try await wait(for: next.time, pace, into: sink)
                }
            }
            player.accept()
            if player.batch.count >= Self.batchSize { try await flush(&player, into: sink) }
        }
        try await flush(&player, into: sink)
        try await sink(.ended(player.greatest))
        try await sink(.state(.stopped))
    }

    private func flush(_ player: inout ReplayPlayer, into sink: @Sendable (FeedEvent) async throws -> Void) async throws
    {
        try Task.checkCancellation()
        guard !player.batch.isEmpty else { return }
        // The arrival time is the trades' own time, because otherwise every delay would be the age of the file.
        var batch = TradeBatch(trades: player.batch, receivedAt: SteadyClock.now())
        batch.receivedAt = batch.greatestTime ?? batch.receivedAt
        try await sink(.trades(batch))
        player.batch.removeAll(keepingCapacity: true)
        // The time of the replay clock is not used, because with a slow sink unread lines are older than it.
        if let greatest = player.greatest { try await sink(.time(greatest, isFlowing: true)) }
    }

    /// Delivers the file's time until it reaches that of the next trade.
    private func wait(
        for time: Timestamp,
        _ pace: ReplayClock,
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        let due = pace.instant(of: time)
        while ContinuousClock.now < due {
            try await Task.sleep(until: min(due, .now + Self.tickInterval), clock: .continuous)
            try await sink(.time(min(pace.time(at: .now), time), isFlowing: true))
        }
    }

    private func log(_ fault: RowFault, line: Int, _ limiter: inout LogLimiter<DecodeFailure>) {
        guard let skipped = limiter.shouldLog(fault.failure, at: .now) else { return }
        logger.warning(
            "line not replayed, continuing without it",
            metadata: [
                "file": "\(file.path):\(line)", "reason": "\(fault.problem)", "since_last": .stringConvertible(skipped),
            ]
        )
    }
}
