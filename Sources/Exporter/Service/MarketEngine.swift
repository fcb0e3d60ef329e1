import MarketData
import PairEngine
import PrometheusExposition
import TradeFeeds
import TradeStore

/// The one owner of everything that trades change: ids, bars, pairs.
///
/// It takes events in order, one call per read of a feed, and publishes a snapshot after each. Nothing here waits: the
/// caller writes the returned batch to the store, and runs the returned tests elsewhere.
actor MarketEngine {
    /// What an event leads to outside the engine.
    struct Effects: Sendable {
        /// What the store must write.
        var batch = StoreBatch()
        /// What an operator should know of ids.
        var notices: [PipelineNotice] = []
        /// Tests that can run now.
        var tests: [TestJob] = []
        /// Tests that are due and have no result yet, those that run included.
        var waitingTests = 0
        /// Readings that tests are of.
        var readingCount = 0
        /// How often pairs had been replaced; results of work for other pairs are of no use.
        var generation = 0
    }

    private var pipelines: [VenuePipeline]
    private var engine: PairEngine
    private var correlator: TickCorrelator
    private var efficacies: [SignalEfficacy] = []
    private var feeds: [FeedSnapshot]
    private var isStreamUp: [Bool]
    private var latestSnapshot: LatestSnapshot
    private var generation = 0
    /// The bars of each feed's last event, which may not have reached the store's queue.
    private var lastOutputs: [PipelineOutput]
    /// The bars since a replacement of pairs began.
    private var recording: PipelineOutput?
    private var backlog = TestBacklog()
    private let barCloseDuration: Histogram
    private let clock = ContinuousClock()

    /// - Parameters:
    ///   - pipelines: one per feed, already resumed.
    ///   - engine: already warm.
    ///   - correlator: already warm.
    init(
        pipelines: [VenuePipeline],
        engine: PairEngine,
        correlator: TickCorrelator,
        latestSnapshot: LatestSnapshot,
        barCloseDuration: Histogram
    ) {
        self.pipelines = pipelines
        self.engine = engine
        self.correlator = correlator
        self.latestSnapshot = latestSnapshot
        self.barCloseDuration = barCloseDuration
        feeds = pipelines.map { _ in FeedSnapshot() }
        lastOutputs = pipelines.map { _ in PipelineOutput() }
        isStreamUp = Array(repeating: false, count: pipelines.reduce(0) { $0 + $1.instruments.count })
    }

    /// Takes one event of a feed.
    func handle(_ event: FeedEvent, from feed: Int) -> Effects {
        let start = clock.now
        var output = PipelineOutput()
        var arrival: ContinuousClock.Instant?
        defer {
            if let arrival { feeds[feed].processing.observe((clock.now - arrival) / .seconds(1)) }
        }
        switch event {
        case .trades(let batch):
            arrival = batch.isRepair ? nil : batch.arrival
            pipelines[feed].append(batch, into: &output)
            if !batch.isRepair { observe(batch, from: feed) }
        case .time(let time, let isFlowing):
            pipelines[feed].advanceClock(to: time, isFlowing: isFlowing, into: &output)
        case .state(let state):
            feeds[feed].state = state
            if state == .stopped {
                for index in pipelines[feed].instruments { isStreamUp[index] = false }
                pipelines[feed].interrupt()
            }
        case .streams(let ids, let health):
            for id in ids {
                isStreamUp[Int(id.index)] = false
                pipelines[feed].interrupt(id)
                feeds[feed].record(health, of: id)
            }
        case .quiet(let id):
            // Nothing has come, and nothing was missed: a thin leg is not a dead one.
            isStreamUp[Int(id.index)] = true
            feeds[feed].refusedStreams.remove(id)
            pipelines[feed].confirm(id)
        case .unrepairable(let id, let ids):
            pipelines[feed].giveUp(ids, of: id, into: &output)
        case .nonexistent(let id, let ids):
            pipelines[feed].dismiss(ids, of: id, into: &output)
        case .clockOffset(let microseconds):
            feeds[feed].clockOffset = microseconds
        case .ended(let time):
            feeds[feed].hasEnded = true
            if let time { pipelines[feed].finish(at: time, into: &output) }
        }
        return effects(of: output, feed: feed, since: start)
    }

    /// Takes a feed's own candles where they say more than the trades that are known.
    func adopt(_ candles: [InstrumentID: [Bar]], from feed: Int) -> Effects {
        // Windows are replaced by those of the stored candles, so that no replacement needs them from here.
        let lastOutput = lastOutputs[feed]
        defer { lastOutputs[feed] = lastOutput }
        let start = clock.now
        var output = PipelineOutput()
        for (instrument, bars) in candles { pipelines[feed].adopt(bars, of: instrument, into: &output) }
        return effects(of: output, feed: feed, since: start)
    }

    /// The ids of a feed that are missing now and worth asking the venue for.
    func missing(of feed: Int) -> [RepairRequest] {
        pipelines[feed].missing
    }

    /// The numbering that ids of an instrument belong to.
    func numbering(of instrument: InstrumentID, feed: Int) -> Int64 {
        pipelines[feed].numbering(of: instrument)
    }

    /// The last known trade of each stream of a feed.
    func positions(of feed: Int) -> [InstrumentID: StreamPosition] {
        var positions: [InstrumentID: StreamPosition] = [:]
        for pipeline in pipelines[feed].pipelines {
            guard let last = pipeline.lastKnown else { continue }
            positions[pipeline.instrument] = StreamPosition(lastID: last.id, lastTime: last.time)
        }
        return positions
    }

    private func effects(
        of output: PipelineOutput,
        feed: Int,
        since start: ContinuousClock.Instant
    ) -> Effects {
        let tests = advance(output, feed: feed)
        correlator.append(output.trades)
        if let now = pipelines.lazy.compactMap(\.now).max() { correlator.advance(to: now) }
        publish()
        if !output.bars.isEmpty {
            barCloseDuration.observe((clock.now - start) / .seconds(1))
        }
        let bars = output.bars + output.revisedBars
        let batch = StoreBatch(trades: output.trades, bars: bars, gapChanges: output.gapChanges)
        var effects = effects(batch, tests)
        effects.notices = output.notices
        return effects
    }

    /// Records the result of a test.
    /// - Returns: what the store must write of it, and the test of the same reading that waited for it.
    func complete(_ job: TestJob, _ result: TestResult, generation: Int) -> Effects {
        guard generation == self.generation else { return Effects(generation: self.generation) }
        let next = engine.complete(job, result)
        backlog.update(waiting: engine.waitingTests, now: clock.now)
        publish()
        let states = job.isCounted ? states(of: job.reading...job.reading) : []
        return effects(StoreBatch(states: states), next.map { [$0] } ?? [])
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

    private func effects(_ batch: StoreBatch, _ tests: [TestJob]) -> Effects {
        Effects(
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
        for index in feeds.indices { feeds[index].now = pipelines[index].now }
        latestSnapshot.publish(
            MarketSnapshot(
                readings: engine.readings,
                efficacies: efficacies,
                tickCorrelations: correlator.correlations,
                oldestWaitingTest: backlog.oldest,
                counts: pipelines.flatMap { $0.counts(at: WallClock.now()) },
                isStreamUp: isStreamUp,
                feeds: feeds
            )
        )
    }

    /// Prepares a replacement of pairs: from here on bars are recorded for the new ones.
    /// - Returns: every bar that ends by then has closed, nil while a feed has brought nothing.
    func beginReplacement() -> Timestamp? {
        recording = PipelineOutput()
        for output in lastOutputs {
            recording?.bars += output.bars
            recording?.revisedBars += output.revisedBars
        }
        let watermarks = pipelines.filter { !$0.instruments.isEmpty }.map(\.watermark)
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
    ///   - latestSnapshot: where the new readings are shown.
    ///   - isAnew: whether nothing is taken over, because stored bars of the past have changed.
    func replace(
        with next: PairEngine,
        later: [Bar],
        horizon: Int64,
        latestSnapshot: LatestSnapshot,
        isAnew: Bool = false
    ) -> Effects {
        var next = next
        for bar in RecordedBars(later: later, recording: recording?.bars ?? []).bars { next.append(bar) }
        for bar in recording?.revisedBars ?? [] { next.revise(bar) }
        recording = nil
        for pipeline in pipelines {
            guard let watermark = pipeline.watermark, let now = pipeline.now else { continue }
            _ = next.advance(instruments: pipeline.instruments, watermark: watermark, now: now)
        }
        if !isAnew { next.adopt(engine) }
        if next.definitions != engine.definitions { efficacies = [] }
        engine = next
        correlator.replace(definitions: next.definitions, horizon: horizon)
        self.latestSnapshot = latestSnapshot
        generation += 1
        backlog = TestBacklog()
        backlog.update(waiting: engine.waitingTests, now: clock.now)
        publish()
        // Results for the pairs before are of no use, so that tests which they adopted from there run again.
        return effects(StoreBatch(states: states), engine.runningTests)
    }

    private func advance(_ output: PipelineOutput, feed: Int) -> [TestJob] {
        lastOutputs[feed] = PipelineOutput()
        lastOutputs[feed].bars = output.bars
        lastOutputs[feed].revisedBars = output.revisedBars
        recording?.bars += output.bars
        recording?.revisedBars += output.revisedBars
        for bar in output.bars { engine.append(bar) }
        for bar in output.revisedBars { engine.revise(bar) }
        guard let watermark = pipelines[feed].watermark, let now = pipelines[feed].now else { return [] }
        let tests = engine.advance(instruments: pipelines[feed].instruments, watermark: watermark, now: now)
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
