import MarketData
import PairEngine
import PrometheusExposition
import TradeFeeds
import TradeStore

/// The one owner of everything that trades change: ids, bars, pairs.
///
/// It takes events in order, one call per read of a feed, and publishes a snapshot after each. Nothing here waits: the
/// caller writes the returned batch to the store, and runs the returned tests elsewhere.
actor MarketLoop {
    /// What an event leads to outside the loop.
    struct Consequences: Sendable {
        /// What the store must write.
        var batch = StoreBatch()
        /// What an operator should know of ids.
        var notices: [TapeNotice] = []
        /// Tests that can run now.
        var tests: [TestJob] = []
        /// Tests that are due and have no result yet, those that run included.
        var waitingTests = 0
        /// Readings that tests are of.
        var readingCount = 0
        /// How often pairs had been replaced; results of work for other pairs are of no use.
        var generation = 0
    }

    private var tapes: [VenueTape]
    private var engine: PairEngine
    private var correlator: TickCorrelator
    private var efficacies: [SignalEfficacy] = []
    private var feeds: [FeedSnapshot]
    private var isStreamUp: [Bool]
    private var board: SnapshotBoard
    private var generation = 0
    /// The bars of each feed's last event, which may not have reached the store's queue.
    private var lastOutputs: [TapeOutput]
    /// The bars since a replacement of pairs began.
    private var recording: TapeOutput?
    private var backlog = TestBacklog()
    private let barCloseDuration: Histogram
    private let clock = ContinuousClock()

    /// - Parameters:
    ///   - tapes: one per feed, already resumed.
    ///   - engine: already warm.
    ///   - correlator: already warm.
    init(
        tapes: [VenueTape],
        engine: PairEngine,
        correlator: TickCorrelator,
        board: SnapshotBoard,
        barCloseDuration: Histogram
    ) {
        self.tapes = tapes
        self.engine = engine
        self.correlator = correlator
        self.board = board
        self.barCloseDuration = barCloseDuration
        feeds = tapes.map { _ in FeedSnapshot() }
        lastOutputs = tapes.map { _ in TapeOutput() }
        isStreamUp = Array(repeating: false, count: tapes.reduce(0) { $0 + $1.instruments.count })
    }

    /// Takes one event of a feed.
    func handle(_ event: FeedEvent, from feed: Int) -> Consequences {
        let start = clock.now
        var output = TapeOutput()
        var arrival: ContinuousClock.Instant?
        defer {
            if let arrival { feeds[feed].processing.observe((clock.now - arrival) / .seconds(1)) }
        }
        switch event {
        case .trades(let batch):
            arrival = batch.isRepair ? nil : batch.arrival
            tapes[feed].append(batch, into: &output)
            if !batch.isRepair { observe(batch, from: feed) }
        case .time(let time, let isFlowing):
            tapes[feed].advanceClock(to: time, isFlowing: isFlowing, into: &output)
        case .state(let state):
            feeds[feed].state = state
            if state == .stopped {
                for index in tapes[feed].instruments { isStreamUp[index] = false }
                tapes[feed].interrupt()
            }
        case .streams(let ids, let health):
            for id in ids {
                isStreamUp[Int(id.index)] = false
                tapes[feed].interrupt(id)
                feeds[feed].record(health, of: id)
            }
        case .quiet(let id):
            // Nothing has come, and nothing was missed: a thin leg is not a dead one.
            isStreamUp[Int(id.index)] = true
            feeds[feed].refusedStreams.remove(id)
            tapes[feed].confirm(id)
        case .unrepairable(let id, let ids):
            tapes[feed].giveUp(ids, of: id, into: &output)
        case .nonexistent(let id, let ids):
            tapes[feed].dismiss(ids, of: id, into: &output)
        case .clockOffset(let microseconds):
            feeds[feed].clockOffset = microseconds
        case .ended(let time):
            feeds[feed].hasEnded = true
            if let time { tapes[feed].finish(at: time, into: &output) }
        }
        return consequences(of: output, feed: feed, since: start)
    }

    /// Takes a feed's own candles where they say more than the trades that are known.
    func adopt(_ candles: [InstrumentID: [Bar]], from feed: Int) -> Consequences {
        // Windows are replaced by those of the stored candles, so that no replacement needs them from here.
        let lastOutput = lastOutputs[feed]
        defer { lastOutputs[feed] = lastOutput }
        let start = clock.now
        var output = TapeOutput()
        for (instrument, bars) in candles { tapes[feed].adopt(bars, of: instrument, into: &output) }
        return consequences(of: output, feed: feed, since: start)
    }

    /// The ids of a feed that are missing now and worth asking the venue for.
    func missing(of feed: Int) -> [MissingTrades] {
        tapes[feed].missing
    }

    /// The numbering that ids of an instrument belong to.
    func numbering(of instrument: InstrumentID, feed: Int) -> Int64 {
        tapes[feed].numbering(of: instrument)
    }

    /// The last known trade of each stream of a feed.
    func positions(of feed: Int) -> [InstrumentID: StreamPosition] {
        var positions: [InstrumentID: StreamPosition] = [:]
        for tape in tapes[feed].tapes {
            guard let last = tape.lastKnown else { continue }
            positions[tape.instrument] = StreamPosition(lastID: last.id, lastTime: last.time)
        }
        return positions
    }

    private func consequences(
        of output: TapeOutput,
        feed: Int,
        since start: ContinuousClock.Instant
    ) -> Consequences {
        let tests = advance(output, feed: feed)
        correlator.append(output.trades)
        if let now = tapes.lazy.compactMap(\.now).max() { correlator.advance(to: now) }
        publish()
        if !output.bars.isEmpty {
            barCloseDuration.observe((clock.now - start) / .seconds(1))
        }
        let bars = output.bars + output.revisedBars
        let batch = StoreBatch(trades: output.trades, bars: bars, holeChanges: output.holeChanges)
        var consequences = consequences(batch, tests)
        consequences.notices = output.notices
        return consequences
    }

    /// Records the result of a test.
    /// - Returns: what the store must write of it, and the test of the same reading that waited for it.
    func complete(_ job: TestJob, _ result: TestResult, generation: Int) -> Consequences {
        guard generation == self.generation else { return Consequences(generation: self.generation) }
        let next = engine.complete(job, result)
        backlog.update(waiting: engine.waitingTests, now: clock.now)
        publish()
        let states = job.isCounted ? states(of: job.reading...job.reading) : []
        return consequences(StoreBatch(states: states), next.map { [$0] } ?? [])
    }

    /// Tests that are due and have no result yet.
    var waitingTests: Int { engine.waitingTests }

    /// What tests have left, by reading.
    var memories: [ReadingKey: ReadingMemory] {
        var memories: [ReadingKey: ReadingMemory] = [:]
        for reading in engine.readings.indices { memories[engine.key(of: reading)] = engine.memory(of: reading) }
        return memories
    }

    /// The same in its stored form.
    var states: [ReadingState] {
        engine.readings.indices.last.map { states(of: 0...$0) } ?? []
    }

    private func states(of readings: ClosedRange<Int>) -> [ReadingState] {
        readings.compactMap { reading in
            engine.memory(of: reading).flatMap { ReadingState($0, of: engine.key(of: reading)) }
        }
    }

    private func consequences(_ batch: StoreBatch, _ tests: [TestJob]) -> Consequences {
        Consequences(
            batch: batch,
            tests: tests,
            waitingTests: engine.waitingTests,
            readingCount: engine.readings.count,
            generation: generation
        )
    }

    /// The pairs that are watched now.
    var definitions: [PairDefinition] { engine.definitions }

    /// Takes how past extremes were followed, one per reading of these pairs.
    func complete(_ efficacies: [SignalEfficacy], of definitions: [PairDefinition]) {
        guard definitions == engine.definitions else { return }
        self.efficacies = efficacies
        publish()
    }

    /// Shows the state of the start, before the first event.
    func publish() {
        for index in feeds.indices { feeds[index].now = tapes[index].now }
        board.publish(
            MarketSnapshot(
                readings: engine.readings,
                efficacies: efficacies,
                tickCorrelations: correlator.correlations,
                oldestWaitingTest: backlog.oldest,
                counts: tapes.flatMap { $0.counts(at: WallClock.now()) },
                isStreamUp: isStreamUp,
                feeds: feeds
            )
        )
    }

    /// Prepares a replacement of pairs: from here on bars are recorded for the new ones.
    /// - Returns: every bar that ends by then has closed, nil while a feed has brought nothing.
    func beginReplacement() -> Timestamp? {
        recording = TapeOutput()
        for output in lastOutputs {
            recording?.bars += output.bars
            recording?.revisedBars += output.revisedBars
        }
        let watermarks = tapes.filter { !$0.instruments.isEmpty }.map(\.watermark)
        return watermarks.contains { $0 == nil } ? nil : watermarks.compactMap(\.self).min()
    }

    /// Gives a replacement up.
    func abandonReplacement() {
        recording = nil
    }

    /// Goes on with other pairs of the same instruments and timeframes, which take over what is known of those that stay,
    /// unless they are made anew.
    /// - Parameters:
    ///   - next: warm with every stored bar up to what ``beginReplacement()`` told.
    ///   - later: stored bars after that.
    ///   - horizon: of the correlation of ticks.
    ///   - board: where the new readings are shown.
    ///   - isAnew: whether nothing is taken over, because stored bars of the past have changed.
    func replace(
        with next: PairEngine,
        later: [Bar],
        horizon: Int64,
        board: SnapshotBoard,
        isAnew: Bool = false
    ) -> Consequences {
        var next = next
        for bar in RecordedBars(later: later, recording: recording?.bars ?? []).bars { next.append(bar) }
        for bar in recording?.revisedBars ?? [] { next.revise(bar) }
        recording = nil
        for tape in tapes {
            guard let watermark = tape.watermark, let now = tape.now else { continue }
            _ = next.advance(instruments: tape.instruments, watermark: watermark, now: now)
        }
        if !isAnew { next.adopt(engine) }
        if next.definitions != engine.definitions { efficacies = [] }
        engine = next
        correlator.replace(definitions: next.definitions, horizon: horizon)
        self.board = board
        generation += 1
        backlog = TestBacklog()
        backlog.update(waiting: engine.waitingTests, now: clock.now)
        publish()
        // Results for the pairs before are of no use, so that tests which they adopted from there run again.
        return consequences(StoreBatch(states: states), engine.runningTests)
    }

    private func advance(_ output: TapeOutput, feed: Int) -> [TestJob] {
        lastOutputs[feed] = TapeOutput()
        lastOutputs[feed].bars = output.bars
        lastOutputs[feed].revisedBars = output.revisedBars
        recording?.bars += output.bars
        recording?.revisedBars += output.revisedBars
        for bar in output.bars { engine.append(bar) }
        for bar in output.revisedBars { engine.revise(bar) }
        guard let watermark = tapes[feed].watermark, let now = tapes[feed].now else { return [] }
        let tests = engine.advance(instruments: tapes[feed].instruments, watermark: watermark, now: now)
        backlog.update(waiting: engine.waitingTests, now: clock.now)
        return tests
    }

    private func observe(_ batch: TradeBatch, from feed: Int) {
        feeds[feed].observe(batch)
        Self.mark(batch.trades, in: &isStreamUp)
    }

    private static func mark(_ trades: [Trade], in isStreamUp: inout [Bool]) {
        for trade in trades where isStreamUp.indices.contains(Int(trade.instrument.index)) {
            isStreamUp[Int(trade.instrument.index)] = true
        }
    }
}
