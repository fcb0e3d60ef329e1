/// The pipelines of all instruments of one feed, and the watermark that closes their bars.
///
/// The watermark is the greatest trade time, as far as the venue's clock has reached it, less `lateness`; it is advanced by any instrument of the feed, and by the
/// feed's clock while the feed flows, so that a quiet instrument's bars close too. While the feed is down it stands
/// still: whether the market was calm then, only the next id can tell. So after an interruption each instrument's bars
/// wait for a trade of its own that is not behind the others.
public struct VenuePipeline: Sendable {
    /// The instruments of the feed, which stand side by side in the run's ``StreamTable``.
    public let instruments: Range<Int>
    /// The pipelines, in the order of ``instruments``.
    public private(set) var pipelines: [BarPipeline]
    /// The feed's clock as it was last heard; nil before the first trade.
    public private(set) var now: Timestamp?
    private let lateness: Int64
    private let timeframes: [Timeframe]
    private var reached: Timestamp?
    private var nextClose = Timestamp(microseconds: .min)

    /// Empty pipelines.
    /// - Parameters:
    ///   - instruments: the positions of the feed's streams in the run's ``StreamTable``.
    ///   - timeframes: the bars to build.
    ///   - lateness: microseconds by which a trade may arrive behind a later one and still join its bar.
    ///   - carryLimit: bars without a trade after which nothing more is carried.
    public init(instruments: Range<Int>, timeframes: [Timeframe], lateness: Int64, carryLimit: Int) {
        self.instruments = instruments
        self.lateness = lateness
        self.timeframes = timeframes
        pipelines = instruments.map {
            BarPipeline(instrument: InstrumentID($0), timeframes: timeframes, carryLimit: carryLimit)
        }
    }

    /// No trade before this moment is expected any more, and every bar that ends by then has closed; nil before the first
    /// trade. An instrument of which it is unknown what it misses holds it back.
    public var watermark: Timestamp? {
        guard let reached else { return nil }
        return pipelines.indices.reduce(reached) { watermark, index in
            guard pipelines[index].isBehind else { return watermark }
            return min(watermark, pipelines[index].closedTime)
        }
    }

    /// What has happened to each instrument up to now.
    /// - Parameter present: the present time, for use until the first trade shows the feed's own.
    public func counts(at present: @autoclosure () -> Timestamp) -> [InstrumentCounts] {
        let now = now ?? present()
        return pipelines.map { $0.counts(at: now) }
    }

    /// Changes the pipeline of one instrument, which must be among ``instruments``; for the start of a run.
    public mutating func withPipeline<Result>(
        of instrument: InstrumentID,
        _ body: (inout BarPipeline) -> Result
    ) -> Result? {
        guard instruments.contains(Int(instrument.index)) else { return nil }
        return body(&pipelines[Int(instrument.index) - instruments.lowerBound])
    }

    /// Takes one read's records in order of arrival.
    public mutating func append(_ batch: TradeBatch, into output: inout PipelineOutput) {
        if output.trades.isEmpty { output.trades.reserveCapacity(batch.trades.count) }
        let firstChange = output.gapChanges.count
        for trade in batch.trades {
            let index = Int(trade.instrument.index) - instruments.lowerBound
            guard pipelines.indices.contains(index) else { continue }
            // Under the ids that were asked for the venue has other trades since it began to number them again.
            if let numbering = batch.numbering, numbering != pipelines[index].numbering { continue }
            if pipelines[index].append(trade, into: &output) {
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

    /// The ids that are missing and worth asking the venue for.
    public var missing: [RepairRequest] { pipelines.flatMap(\.missing) }

    /// Hears that the venue cannot tell some missing trades any more.
    public mutating func giveUp(
        _ ids: ClosedRange<Int64>,
        of instrument: InstrumentID,
        into output: inout PipelineOutput
    ) {
        _ = withPipeline(of: instrument) { $0.giveUp(ids, into: &output) }
    }

    /// Forgets missing ids that the venue never gave.
    public mutating func dismiss(
        _ ids: ClosedRange<Int64>,
        of instrument: InstrumentID,
        into output: inout PipelineOutput
    ) {
        _ = withPipeline(of: instrument) { $0.dismiss(ids, into: &output) }
    }

    /// The numbering that ids of an instrument belong to; see ``TradeNumbering``.
    public func numbering(of instrument: InstrumentID) -> Int64 {
        let index = Int(instrument.index) - instruments.lowerBound
        return pipelines.indices.contains(index) ? pipelines[index].numbering : 0
    }

    /// Takes the venue's own candles, oldest first, where they say more than the trades that are known; they are told
    /// among the revised bars.
    public mutating func adopt(_ candles: [Bar], of instrument: InstrumentID, into output: inout PipelineOutput) {
        _ = withPipeline(of: instrument) { $0.adopt(candles, into: &output) }
    }

    /// Hears that the venue has no trade of an instrument that is not known here: its silence is calm.
    public mutating func confirm(_ instrument: InstrumentID) {
        _ = withPipeline(of: instrument) { $0.rejoin() }
    }

    /// Hears that one stream was lost; see ``interrupt()``.
    public mutating func interrupt(_ instrument: InstrumentID) {
        _ = withPipeline(of: instrument) { $0.interrupt() }
    }

    /// Hears that the connection was lost, or records were dropped: from here on the silence of an instrument proves
    /// nothing, until its next trade.
    public mutating func interrupt() {
        for index in pipelines.indices { pipelines[index].interrupt() }
    }

    /// Hears the feed's clock.
    /// - Parameters:
    ///   - time: the feed's event time.
    ///   - isFlowing: whether silence now means that nothing traded; if not, this is an ``interrupt()`` too.
    ///   - output: receives the bars that close.
    public mutating func advanceClock(to time: Timestamp, isFlowing: Bool, into output: inout PipelineOutput) {
        now = max(now ?? time, time)
        if isFlowing {
            advance(to: time - lateness, into: &output)
        } else {
            interrupt()
        }
    }

    /// Closes what a finished source leaves behind: bars up to its greatest trade time, none beyond.
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

    /// Lets an instrument follow the others again when its new trade is not behind them.
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
