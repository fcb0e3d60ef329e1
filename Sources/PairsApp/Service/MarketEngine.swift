import MarketData
import PairEngine
import PrometheusExposition
import TradeFeeds
import TradeStore

/// The owner of all state that trades change: ids, bars, pairs.
///
/// It processes events in order, one call per read of a feed, and publishes a snapshot after each. Nothing here waits:
/// the caller writes the returned batch to the store, and runs the returned tests elsewhere.
actor MarketEngine {
    /// The effects of an event outside the engine.
    struct Effects: Sendable {
        /// What the store must write.
        var batch = StoreBatch()
        /// Facts about ids that the operator should see.
        var notices: [PipelineNotice] = []
        /// Tests that can run now.
        var tests: [TestJob] = []
        /// Tests that are due and have no result yet, those that run included.
        var waitingTests = 0
        /// The number of readings that have tests.
        var readingCount = 0
        /// How often pairs had been replaced; results for earlier pairs are discarded.
        var generation = 0
    }

    /// The state of one feed.
    private struct Feed {
        var pipeline: VenuePipeline
        var snapshot = FeedSnapshot()
        /// The bars of the last event, which may not have reached the store's queue.
        var lastOutput = PipelineOutput()
    }

    /// In the order of the configuration.
    private var feeds: [Feed]
    private var statuses = InstrumentStatuses()
    private var engine: PairEngine
    private var correlator: TickCorrelator
    private var efficacies: [SignalEfficacy] = []
    private var latestSnapshot: LatestSnapshot
    private var generation = 0
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
        feeds = pipelines.map { Feed(pipeline: $0) }
        self.engine = engine
        self.correlator = correlator
        self.latestSnapshot = latestSnapshot
        self.barCloseDuration = barCloseDuration
        statuses.add(pipelines.flatMap(\.instruments))
    }

    /// Processes one event of a feed.
    func handle(_ event: FeedEvent, from feed: Int) -> Effects {
        let start = clock.now
        var output = PipelineOutput()
        var arrival: ContinuousClock.Instant?
        defer {
            if let arrival { feeds[feed].snapshot.processing.observe((clock.now - arrival) / .seconds(1)) }
        }
        switch event {
        case .trades(let batch):
            arrival = batch.isRepair ? nil : batch.arrival
            feeds[feed].pipeline.append(batch, into: &output)
            if batch.isRepair {
                for trade in batch.trades { statuses.markChanged(trade.instrument) }
            } else {
                observe(batch, from: feed)
            }
        case .time(let time, let isFlowing):
            feeds[feed].pipeline.advanceClock(to: time, isFlowing: isFlowing, into: &output)
        case .state(let state):
            feeds[feed].snapshot.state = state
            if state == .stopped {
                for id in feeds[feed].pipeline.instruments { statuses.set(id, isUp: false) }
                feeds[feed].pipeline.interrupt()
            }
        case .streams(let ids, let health):
            for id in ids {
                statuses.set(id, isUp: false)
                feeds[feed].pipeline.interrupt(id)
                feeds[feed].snapshot.record(health, of: id)
            }
        case .quiet(let id):
            // The stream has no data and missed none: a rarely traded leg is not a dead one.
            statuses.set(id, isUp: true)
            feeds[feed].snapshot.refusedStreams.remove(id)
            feeds[feed].pipeline.confirm(id)
        case .unrepairable(let id, let ids):
            feeds[feed].pipeline.markUnrepairable(ids, of: id, into: &output)
            statuses.markChanged(id)
        case .nonexistent(let id, let ids):
            feeds[feed].pipeline.dismiss(ids, of: id, into: &output)
            statuses.markChanged(id)
        case .clockOffset(let microseconds):
            feeds[feed].snapshot.clockOffset = microseconds
        case .ended(let time):
            feeds[feed].snapshot.hasEnded = true
            if let time { feeds[feed].pipeline.finish(at: time, into: &output) }
        }
        return effects(of: output, feed: feed, since: start)
    }

    /// Uses a feed's own candles where trades are missing.
    func adopt(_ candles: [InstrumentID: [Bar]], from feed: Int) -> Effects {
        // A replacement reads the stored candles, so it does not need them from here.
        let lastOutput = feeds[feed].lastOutput
        defer { feeds[feed].lastOutput = lastOutput }
        let start = clock.now
        var output = PipelineOutput()
        for (instrument, bars) in candles {
            feeds[feed].pipeline.adopt(bars, of: instrument, into: &output)
            statuses.markChanged(instrument)
        }
        return effects(of: output, feed: feed, since: start)
    }

    /// An empty pipeline with a feed's settings.
    func emptyPipeline(of instrument: InstrumentID, feed: Int) -> BarPipeline {
        feeds[feed].pipeline.emptyPipeline(of: instrument)
    }

    /// Adds instruments to a feed while it runs.
    /// - Parameters:
    ///   - pipelines: resumed from the store.
    ///   - ticks: their stored trades within the horizon of the correlation of ticks.
    func add(_ pipelines: [BarPipeline], ticks: [Trade], to feed: Int) {
        for pipeline in pipelines { feeds[feed].pipeline.add(pipeline) }
        statuses.add(pipelines.map(\.instrument))
        correlator.add(pipelines.map(\.instrument))
        correlator.append(ticks)
    }

    /// Removes instruments that no pair needs.
    func remove(_ instruments: Set<InstrumentID>) {
        for index in feeds.indices {
            for instrument in instruments { feeds[index].pipeline.remove(instrument) }
            feeds[index].snapshot.deadStreams.subtract(instruments)
            feeds[index].snapshot.refusedStreams.subtract(instruments)
        }
        for instrument in instruments { statuses.remove(instrument) }
        correlator.remove(instruments)
        publish()
    }

    /// The instruments that each feed follows.
    var instruments: [[InstrumentID]] { feeds.map(\.pipeline.instruments) }

    /// The missing ids of a feed to request from the venue.
    func missing(of feed: Int) -> [RepairRequest] {
        feeds[feed].pipeline.missing
    }

    /// The numbering that ids of an instrument belong to.
    func numbering(of instrument: InstrumentID, feed: Int) -> Int64 {
        feeds[feed].pipeline.numbering(of: instrument)
    }

    /// The last known trade of each stream of a feed.
    func positions(of feed: Int) -> [InstrumentID: StreamPosition] {
        var positions: [InstrumentID: StreamPosition] = [:]
        for pipeline in feeds[feed].pipeline.pipelines {
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
        if let now = feeds.lazy.compactMap(\.pipeline.now).max() { correlator.advance(to: now) }
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
    /// - Returns: the batch for the store, and the next test of the same reading.
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

    /// The memories of the tests, by reading.
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

    /// The present pairs.
    var definitions: [PairDefinition] { engine.definitions }

    /// Publishes what followed past extremes, one result per reading of these pairs.
    func complete(_ efficacies: [SignalEfficacy], of definitions: [PairDefinition]) {
        guard definitions == engine.definitions else { return }
        self.efficacies = efficacies
        publish()
    }

    /// Publishes the state of the start, before the first event.
    func publish() {
        for index in feeds.indices {
            feeds[index].snapshot.now = feeds[index].pipeline.now
            statuses.update(from: feeds[index].pipeline, at: WallClock.now())
        }
        latestSnapshot.publish(
            MarketSnapshot(
                readings: engine.readings,
                efficacies: efficacies,
                tickCorrelations: correlator.correlations,
                oldestWaitingTest: backlog.oldest,
                instruments: statuses.latest,
                feeds: feeds.map(\.snapshot)
            )
        )
    }

    /// Prepares a replacement of pairs: from here on bars are recorded for the new ones.
    /// - Returns: a moment by which every bar that ends has closed; nil while a feed has delivered nothing.
    func beginReplacement() -> Timestamp? {
        recording = PipelineOutput()
        for feed in feeds {
            recording?.bars += feed.lastOutput.bars
            recording?.revisedBars += feed.lastOutput.revisedBars
        }
        let watermarks = feeds.map(\.pipeline).filter { !$0.pipelines.isEmpty }.map(\.watermark)
        return watermarks.contains { $0 == nil } ? nil : watermarks.compactMap(\.self).min()
    }

    /// Cancels a replacement.
    func abandonReplacement() {
        recording = nil
    }

    /// Replaces the pairs by others of the same instruments and timeframes. The state of pairs that stay is kept.
    /// - Parameters:
    ///   - next: warm with every stored bar up to the moment that ``beginReplacement()`` returned.
    ///   - later: stored bars after that.
    ///   - horizon: of the correlation of ticks.
    ///   - latestSnapshot: where the new readings are published.
    ///   - refresh: determines the pairs whose state is discarded; nil for none.
    func replace(
        with next: PairEngine,
        later: [Bar],
        horizon: Int64,
        latestSnapshot: LatestSnapshot,
        refresh: WindowRefresh? = nil
    ) -> Effects {
        var next = next
        for bar in RecordedBars(later: later, recording: recording?.bars ?? []).bars { next.append(bar) }
        for bar in recording?.revisedBars ?? [] { next.revise(bar) }
        recording = nil
        for feed in feeds { _ = next.advance(feed.pipeline) }
        next.adopt(engine) { refresh?.keeps($0) ?? true }
        if next.definitions != engine.definitions { efficacies = [] }
        engine = next
        correlator.replace(definitions: next.definitions, horizon: horizon)
        self.latestSnapshot = latestSnapshot
        generation += 1
        backlog = TestBacklog()
        backlog.update(waiting: engine.waitingTests, now: clock.now)
        publish()
        // Results for the pairs before are discarded, so the tests that the new pairs adopted run again.
        return effects(StoreBatch(states: states), engine.runningTests)
    }

    private func advance(_ output: PipelineOutput, feed: Int) -> [TestJob] {
        feeds[feed].lastOutput = PipelineOutput()
        feeds[feed].lastOutput.bars = output.bars
        feeds[feed].lastOutput.revisedBars = output.revisedBars
        recording?.bars += output.bars
        recording?.revisedBars += output.revisedBars
        for bar in output.bars {
            engine.append(bar)
            statuses.markChanged(bar.instrument)
        }
        for bar in output.revisedBars {
            engine.revise(bar)
            statuses.markChanged(bar.instrument)
        }
        let tests = engine.advance(feeds[feed].pipeline)
        backlog.update(waiting: engine.waitingTests, now: clock.now)
        return tests
    }

    private func observe(_ batch: TradeBatch, from feed: Int) {
        feeds[feed].snapshot.observe(batch)
        for trade in batch.trades { statuses.set(trade.instrument, isUp: true) }
    }
}
