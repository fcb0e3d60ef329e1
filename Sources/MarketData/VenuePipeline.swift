/// The pipelines of all instruments of one feed, and the watermark that closes their bars.
///
/// The watermark is the greatest trade time, as far as the venue's clock has reached it, less `lateness`. A trade of
/// any instrument of the feed advances it, and so does the feed's clock while the feed flows, so that a quiet
/// instrument's bars close too. While the feed is down it does not move: only the next id shows whether something
/// traded then. So after an interruption each instrument's bars wait for a trade of its own that is not older than the
/// watermark.
public struct VenuePipeline: Sendable {
    /// The pipelines, in the order in which they were added.
    public private(set) var pipelines: [BarPipeline] = []
    /// The feed's clock, nil before the first trade.
    public private(set) var now: Timestamp?
    private var positions = InstrumentMap<Int>()
    private let lateness: Int64
    private let timeframes: [Timeframe]
    private let carryLimit: Int
    private let hasConsecutiveIDs: Bool
    /// The number of the present batch.
    private var batchNumber = 0
    private var reached: Timestamp?
    private var nextClose = Timestamp(microseconds: .min)

    /// Empty pipelines.
    /// - Parameters:
    ///   - instruments: the feed's instruments.
    ///   - timeframes: the bars to build.
    ///   - lateness: microseconds by which a trade may arrive after a later one and still join its bar.
    ///   - carryLimit: bars without a trade after which nothing more is carried.
    ///   - hasConsecutiveIDs: whether the ids of the venue have no gaps; otherwise see ``ArrivalNumbering``.
    public init(
        instruments: [InstrumentID],
        timeframes: [Timeframe],
        lateness: Int64,
        carryLimit: Int,
        hasConsecutiveIDs: Bool = true
    ) {
        self.hasConsecutiveIDs = hasConsecutiveIDs
        self.lateness = lateness
        self.timeframes = timeframes
        self.carryLimit = carryLimit
        for instrument in instruments { add(emptyPipeline(of: instrument)) }
    }

    /// An empty pipeline with the feed's settings.
    public func emptyPipeline(of instrument: InstrumentID) -> BarPipeline {
        BarPipeline(
            instrument: instrument,
            timeframes: timeframes,
            carryLimit: carryLimit,
            hasConsecutiveIDs: hasConsecutiveIDs
        )
    }

    /// Adds an instrument, in place of one with the same number.
    public mutating func add(_ pipeline: BarPipeline) {
        if let position = positions[pipeline.instrument] {
            pipelines[position] = pipeline
        } else {
            positions[pipeline.instrument] = pipelines.count
            pipelines.append(pipeline)
        }
        nextClose = Timestamp(microseconds: .min)
    }

    /// Removes an instrument; its trades are ignored from then on.
    public mutating func remove(_ instrument: InstrumentID) {
        guard let position = positions[instrument] else { return }
        pipelines.remove(at: position)
        positions = InstrumentMap()
        for (position, pipeline) in pipelines.enumerated() { positions[pipeline.instrument] = position }
    }

    /// The instruments of the feed.
    public var instruments: [InstrumentID] { pipelines.map(\.instrument) }

    /// The bars of every instrument that end by this moment have closed; nil before the first trade.
    public var watermark: Timestamp? {
        reached.map { reached in pipelines.indices.reduce(reached) { min($0, watermark(at: $1, reached)) } }
    }

    /// Calls `body` with each instrument and the moment up to which its bars have closed, none before the first trade.
    /// An instrument whose missing trades are unknown is behind the others.
    public func forEachWatermark(_ body: (InstrumentID, Timestamp) -> Void) {
        guard let reached else { return }
        for position in pipelines.indices { body(pipelines[position].instrument, watermark(at: position, reached)) }
    }

    private func watermark(at position: Int, _ reached: Timestamp) -> Timestamp {
        pipelines[position].isBehind ? min(reached, pipelines[position].closedTime) : reached
    }

    /// The counts of an instrument at a moment; nil where there is no such instrument.
    public func counts(of instrument: InstrumentID, at now: Timestamp) -> InstrumentCounts? {
        positions[instrument].map { pipelines[$0].counts(at: now) }
    }

    /// Changes the pipeline of one instrument; nil where there is none.
    public mutating func withPipeline<Result>(
        of instrument: InstrumentID,
        _ body: (inout BarPipeline) -> Result
    ) -> Result? {
        guard let position = positions[instrument] else { return nil }
        return body(&pipelines[position])
    }

    /// Processes the records of one read, in order of arrival.
    public mutating func append(_ batch: TradeBatch, into output: inout PipelineOutput) {
        if output.trades.isEmpty { output.trades.reserveCapacity(batch.trades.count) }
        let firstChange = output.gapChanges.count
        batchNumber &+= 1
        for trade in batch.trades {
            guard let index = positions[trade.instrument] else { continue }
            // The venue has restarted its numbering: other trades have the requested ids.
            if let numbering = batch.numbering, numbering != pipelines[index].numbering { continue }
            if pipelines[index].append(trade, ofBatch: batchNumber, into: &output) {
                let time = min(trade.time, batch.present ?? trade.time)
                now = max(now ?? time, time)
                advance(to: time - lateness, into: &output)
                if pipelines[index].isBehind { catchUp(index, with: time, into: &output) }
            }
        }
        for index in pipelines.indices { pipelines[index].settle(into: &output) }
        guard output.gapChanges.count > firstChange else { return }
        let changes = IDGapChange.merged(Array(output.gapChanges[firstChange...]))
        output.gapChanges.replaceSubrange(firstChange..., with: changes)
    }

    /// The missing ids to request from the venue.
    public var missing: [RepairRequest] { pipelines.flatMap(\.missing) }

    /// Records that the venue does not have some missing trades.
    public mutating func markUnrepairable(
        _ ids: ClosedRange<Int64>,
        of instrument: InstrumentID,
        into output: inout PipelineOutput
    ) {
        _ = withPipeline(of: instrument) { $0.markUnrepairable(ids, into: &output) }
    }

    /// Removes missing ids that the venue never assigned.
    public mutating func dismiss(
        _ ids: ClosedRange<Int64>,
        of instrument: InstrumentID,
        into output: inout PipelineOutput
    ) {
        _ = withPipeline(of: instrument) { $0.dismiss(ids, into: &output) }
    }

    /// The numbering that ids of an instrument belong to; see ``TradeNumbering``.
    public func numbering(of instrument: InstrumentID) -> Int64 {
        positions[instrument].map { pipelines[$0].numbering } ?? 0
    }

    /// Uses the venue's own candles, oldest first, where trades are missing; the changed bars are among the revised
    /// bars.
    public mutating func adopt(_ candles: [Bar], of instrument: InstrumentID, into output: inout PipelineOutput) {
        _ = withPipeline(of: instrument) { $0.adopt(candles, into: &output) }
    }

    /// Records that no trade of an instrument is missing: a time without trades means that nothing traded.
    public mutating func confirm(_ instrument: InstrumentID) {
        _ = withPipeline(of: instrument) { $0.rejoin() }
    }

    /// Records that one stream was lost; see ``interrupt()``.
    public mutating func interrupt(_ instrument: InstrumentID) {
        _ = withPipeline(of: instrument) { $0.interrupt() }
    }

    /// Records that the connection was lost, or records were dropped: from here on, a time without trades of an
    /// instrument proves nothing, until its next trade.
    public mutating func interrupt() {
        for index in pipelines.indices { pipelines[index].interrupt() }
    }

    /// Advances the feed's clock.
    /// - Parameters:
    ///   - time: the feed's event time.
    ///   - isFlowing: whether a time without trades means that nothing traded; if not, this is an ``interrupt()`` too.
    ///   - output: receives the bars that close.
    public mutating func advanceClock(to time: Timestamp, isFlowing: Bool, into output: inout PipelineOutput) {
        now = max(now ?? time, time)
        if isFlowing {
            advance(to: time - lateness, into: &output)
        } else {
            interrupt()
        }
    }

    /// Closes the bars of a source that has ended: those up to its greatest trade time, none beyond.
    public mutating func finish(at time: Timestamp, into output: inout PipelineOutput) {
        now = max(now ?? time, time)
        advance(to: time, into: &output)
        for index in pipelines.indices {
            pipelines[index].rejoin()
            close(index, into: &output)
        }
    }

    private mutating func advance(to moment: Timestamp, into output: inout PipelineOutput) {
        guard moment > reached ?? Timestamp(microseconds: .min) else { return }
        reached = moment
        guard moment >= nextClose else { return }
        nextClose = timeframes.map { $0.closeTime(of: $0.slot(of: moment)) }.min() ?? Timestamp(microseconds: .max)
        for index in pipelines.indices {
            close(index, into: &output)
        }
    }

    /// Ends the wait of an instrument when its new trade is not older than the watermark.
    private mutating func catchUp(_ index: Int, with time: Timestamp, into output: inout PipelineOutput) {
        if let reached, time >= reached { pipelines[index].rejoin() }
        close(index, into: &output)
    }

    private mutating func close(_ index: Int, into output: inout PipelineOutput) {
        guard let reached else { return }
        if let settling = pipelines[index].close(upTo: reached, lateness: lateness, into: &output) {
            nextClose = min(nextClose, settling)
        }
    }
}
