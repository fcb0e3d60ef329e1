/// Turns the trades of one instrument into checked ids, bars of every timeframe, and counts.
public struct BarPipeline: Sendable {
    /// The instrument of the pipeline.
    public let instrument: InstrumentID
    /// The counts so far. Missing ids count whatever their age; see ``VenuePipeline/counts(of:at:)``.
    public internal(set) var counts = InstrumentCounts()
    /// Up to where bars have closed.
    private(set) var closedTime = Timestamp(microseconds: .min)
    /// Whether bars that ended before the watermark stay open because it is unknown which of their trades are missing.
    private(set) var isBehind = false
    /// The time up to which all trades are known, after an interruption that may have lost some. After it, a time
    /// without trades proves nothing; only the id of the next trade does. Nil while every trade is received.
    private var knownTime: Timestamp?
    /// The span of closed bars that may overlap a gap found later, and must be examined again.
    private var revision: Range<Timestamp>?
    /// The watermark when bars closed last.
    private var settledTime = Timestamp(microseconds: .min)
    /// The span of late trades while some missing ids may only be out of order.
    private var lateTimes: Range<Timestamp>?
    /// Spans of closed bars that have received late trades and must be published again.
    private var lateSpans: [Range<Timestamp>] = []
    /// How far back missing trades are requested, in microseconds; nil without a limit.
    var repairHorizon: Int64?
    var sequence: TradeSequence
    /// Trades whose ids may be wrong.
    private var quarantine = QuarantinedTrades()
    /// Numbers the trades where the venue has no consecutive ids; nil where it has.
    private var arrivals: ArrivalNumbering?
    /// When the venue last restarted the numbering of its trades.
    private var lastReset: Timestamp?
    var builders: [BarBuilder]

    /// An empty pipeline.
    public init(
        instrument: InstrumentID,
        timeframes: [Timeframe],
        carryLimit: Int,
        hasConsecutiveIDs: Bool = true
    ) {
        self.instrument = instrument
        if !hasConsecutiveIDs { arrivals = ArrivalNumbering() }
        sequence = TradeSequence(instrument: instrument)
        builders = timeframes.sorted().map {
            BarBuilder(instrument: instrument, timeframe: $0, carryLimit: carryLimit)
        }
        for timeframe in timeframes {
            counts.bars[timeframe] = Dictionary(uniqueKeysWithValues: BarState.allCases.map { ($0, 0) })
        }
        for reason in DiscardReason.allCases {
            counts.discarded[reason] = 0
        }
    }

    /// The moment from which trades still change bars that have not closed; nil before the first trade. After a resume,
    /// ``rebuild(from:)`` needs the trades from this moment on.
    public var openTime: Timestamp? {
        builders.compactMap(\.openTime).min()
    }

    /// The greatest id that is known and the time of its trade; nil before the first trade.
    public var lastKnown: (id: Int64, time: Timestamp)? {
        sequence.lastID.map { (TradeNumbering.venueID($0), sequence.lastTime) }
    }

    /// Continues from what an earlier run has stored: ids, then the bars it closed per timeframe, in ascending order.
    /// What was traded meanwhile is unknown, so this is an interruption too.
    /// - Parameters:
    ///   - last: the trade with the greatest id on disk.
    ///   - lastKnownID: the greatest id that is on disk or inside a gap of any state, nil when that is the trade's.
    ///   - openGaps: open gaps and unrepairable ones.
    ///   - bars: what it closed.
    ///   - repairHorizon: how far back, in microseconds before the last trade, missing trades are still requested.
    public mutating func resume(
        last: Trade?,
        lastKnownID: Int64? = nil,
        openGaps: [TimedIDGap],
        bars: [Timeframe: [Bar]],
        repairHorizon: Int64 = 0
    ) {
        self.repairHorizon = repairHorizon
        if let last {
            let lastID = max(last.id, lastKnownID ?? last.id)
            sequence.resume(lastID: lastID, lastTime: last.time, openGaps: openGaps)
            counts.unrepaired = sequence.openCount
            counts.lastPrice = last.price.doubleValue
            counts.lastTradeTime = last.time
            arrivals?.resume(after: last.time)
        }
        let earliest = (last?.time).map { $0 - repairHorizon }
        // Of a gap that begins beyond the horizon only the end can be repaired.
        let reopening = earliest.flatMap { sequence.earliestRepair(from: $0) }
        for index in builders.indices {
            builders[index].resume(
                after: bars[builders[index].timeframe] ?? [],
                lastTradeTime: last?.time,
                reopening: reopening
            )
        }
        closedTime = bars.values.compactMap(\.last?.closeTime).max() ?? closedTime
        interrupt()
    }

    /// Adds trades of an earlier run, from ``openTime`` on, to the bars that had not closed when it ended. A trade of a
    /// closed bar changes only the price that later bars carry.
    public mutating func rebuild(from trades: [Trade]) {
        for trade in trades {
            sequence.recordKnown(trade.time)
            let price = trade.price.doubleValue
            for index in builders.indices {
                _ = builders[index].add(trade, price: price)
            }
        }
    }

    /// Records that trades may be lost from now on, until the id of a trade shows whether any were.
    mutating func interrupt() {
        guard sequence.lastID != nil else { return }
        arrivals?.isInterrupted = true
        guard knownTime == nil else { return }
        knownTime = sequence.lastTime
        isBehind = true
    }

    /// Records that every trade up to the watermark is known, and every one from now on will be.
    mutating func rejoin() {
        knownTime = nil
        arrivals?.isInterrupted = false
    }

    /// Processes one record, in order of arrival.
    /// - Parameters:
    ///   - trade: the record.
    ///   - batch: the number of the read that it arrived with.
    ///   - output: receives the trade when it is new, and the changes of gaps.
    /// - Returns: whether the record's time may move the watermark.
    public mutating func append(_ trade: Trade, ofBatch batch: Int = 0, into output: inout PipelineOutput) -> Bool {
        guard arrivals == nil else { return appendUnnumbered(trade, ofBatch: batch, into: &output) }
        guard TradeSequence.validIDs.contains(trade.id) else {
            counts.discarded[.id, default: 0] += 1
            return false
        }
        var trade = trade
        trade.id += TradeNumbering.base(of: sequence.numbering)
        guard trade.discard != .time else {
            expect(trade.id, into: &output)
            return false
        }
        if trade.discard == nil { trade.discard = DiscardReason(faultOf: trade) }
        if quarantine.isEmpty, sequence.isNext(trade.id) { return accept(trade, into: &output) }
        guard let last = sequence.lastID, isStrange(trade, after: last) else {
            if !quarantine.isEmpty, trade.id > sequence.lastID ?? .min { contradict(into: &output) }
            return accept(trade, into: &output)
        }
        return quarantine(trade, into: &output)
    }

    /// Processes a record whose id only orders it among the others.
    private mutating func appendUnnumbered(
        _ trade: Trade,
        ofBatch batch: Int,
        into output: inout PipelineOutput
    ) -> Bool {
        guard trade.id >= 0, trade.discard != .time else {
            counts.discarded[trade.discard == .time ? .time : .id, default: 0] += 1
            return false
        }
        guard arrivals?.isNew(trade, inBatch: batch) == true else {
            counts.duplicates += 1
            return false
        }
        var trade = trade
        if trade.discard == nil { trade.discard = DiscardReason(faultOf: trade) }
        trade.id = (sequence.lastID ?? 0) + 1
        if arrivals?.isInterrupted == true, let knownTime {
            arrivals?.isInterrupted = false
            sequence.recordInterruption(from: knownTime, to: trade.time)
            reviseFromNewestGap()
        }
        return accept(trade, into: &output)
    }

    /// Whether an id does not continue the sequence: it is too far ahead, or it is not above the greatest id although
    /// the trade is newer than all known ones.
    private func isStrange(_ trade: Trade, after last: Int64) -> Bool {
        if trade.id > last {
            return !QuarantinedTrades.isPlausible(trade.id, at: trade.time, after: last, at: sequence.lastTime)
        }
        // A trade that was missing may be a little newer than those that arrived.
        let isMissing = sequence.span(aroundMissing: trade.id) != nil
        return trade.time > sequence.greatestTime + (isMissing ? Self.disorder : 0)
    }

    /// Microseconds by which a trade with a missing id may be newer than all known trades.
    private static let disorder: Int64 = 1_000_000
    /// The least time between two numberings, in microseconds: a venue that mixes two must not begin another one each
    /// second.
    private static let leastNumbering: Int64 = 10_000_000

    /// Puts a trade into quarantine until others confirm it.
    private mutating func quarantine(_ trade: Trade, into output: inout PipelineOutput) -> Bool {
        if quarantine.contains(trade) {
            counts.duplicates += 1
            return false
        }
        refuse(quarantine.keep(trade), into: &output)
        guard let confirmed = quarantine.confirmed(), let first = confirmed.first, let last = sequence.lastID else {
            return false
        }
        let base = TradeNumbering.base(of: sequence.numbering)
        if first.id > last {
            output.notices.append(.jumpConfirmed(instrument, lastID: last - base, firstID: first.id - base))
        } else if let lastReset, first.time < lastReset + Self.leastNumbering {
            refuse(confirmed, into: &output)
            return false
        } else {
            let firstID = first.id - base
            let hasBegun = sequence.beginNumbering(
                firstID: firstID,
                at: first.time,
                knownTime: knownTime,
                changes: &output.gapChanges
            )
            guard hasBegun else {
                refuse(confirmed, into: &output)
                return false
            }
            lastReset = first.time
            counts.numberingResets += 1
            counts.unrepaired = sequence.openCount
            let numbering = sequence.numbering
            output.notices.append(
                .numberingReset(instrument, lastID: last - base, firstID: firstID, numbering: numbering)
            )
        }
        let shift = TradeNumbering.base(of: sequence.numbering) - base
        var isUsed = false
        for var trade in confirmed {
            trade.id += shift
            if accept(trade, into: &output) { isUsed = true }
        }
        return isUsed
    }

    /// Records that a trade continues the sequence from before the trades in quarantine.
    private mutating func contradict(into output: inout PipelineOutput) {
        refuse(quarantine.contradict(), into: &output)
    }

    /// Discards trades that no other trade has confirmed.
    private mutating func refuse(_ trades: [Trade], into output: inout PipelineOutput) {
        for trade in trades {
            counts.discarded[.id, default: 0] += 1
            output.notices.append(
                .idRefused(
                    instrument,
                    id: TradeNumbering.venueID(trade.id),
                    lastID: TradeNumbering.venueID(sequence.lastID ?? 0)
                )
            )
        }
    }

    /// Processes a record whose id is plausible.
    private mutating func accept(_ trade: Trade, into output: inout PipelineOutput) -> Bool {
        let span = sequence.span(aroundMissing: trade.id)
        let hadMerged = sequence.hasMerged
        let admission = sequence.admit(
            id: trade.id,
            time: trade.time,
            discard: trade.discard,
            changes: &output.gapChanges
        )
        switch admission {
        case .next: break
        case .duplicate:
            counts.duplicates += 1
            return false
        case .afterGap(let missing):
            if sequence.hasMerged, !hadMerged { output.notices.append(.gapsMerged(instrument)) }
            counts.gaps += 1
            counts.missing += missing
            counts.unrepaired = sequence.openCount
            reviseFromNewestGap()
        case .fillsGap:
            counts.repaired += 1
            counts.unrepaired = sequence.openCount
            if let span { markFilled(trade, within: span) }
        }
        knownTime = knownTime.map { max($0, trade.time) }
        if let reason = trade.discard {
            counts.discarded[reason, default: 0] += 1
            return true
        }
        output.trades.append(trade)
        record(trade, fillsGap: admission == .fillsGap)
        return true
    }

    /// Counts a record whose time is not accepted: it only shows that its id exists, so the id is missing.
    private mutating func expect(_ id: Int64, into output: inout PipelineOutput) {
        counts.discarded[.time, default: 0] += 1
        let missing = sequence.expect(id, changes: &output.gapChanges)
        guard missing > 0 else { return }
        counts.gaps += 1
        counts.missing += missing
        counts.unrepaired = sequence.openCount
        reviseFromNewestGap()
    }

    /// Examines the bars again that closed after the newest gap began.
    private mutating func reviseFromNewestGap() {
        guard let start = sequence.newestGapStart, start < closedTime else { return }
        revision = min(revision?.lowerBound ?? start, start)..<closedTime
        isBehind = true
    }

    /// Closes every bar that ends at or before the watermark, unless it is unknown which of its trades are missing.
    /// - Parameters:
    ///   - watermark: no trade before it is still expected.
    ///   - lateness: microseconds by which the watermark is behind the feed.
    ///   - output: receives the bars.
    /// - Returns: the watermark at which bars that are still open can close, nil when no bar waits for a watermark.
    mutating func close(
        upTo watermark: Timestamp,
        lateness: Int64,
        into output: inout PipelineOutput
    ) -> Timestamp? {
        // Revisions must precede the removal of old bars: one batch of a flood may close hundreds.
        settle(into: &output)
        settledTime = watermark
        let unsettled = sequence.unsettled(at: watermark)
        if unsettled == nil { lateTimes = nil }
        let limit = min(watermark, unsettled?.start ?? watermark, knownTime.map { $0 - lateness } ?? watermark)
        isBehind = knownTime != nil || limit < watermark
        closedTime = max(closedTime, limit)
        for index in builders.indices {
            let first = output.bars.count
            builders[index].close(upTo: limit, sequence: sequence, into: &output.bars)
            for bar in output.bars[first...] {
                counts.bars[bar.timeframe, default: [:]][bar.state, default: 0] += 1
            }
        }
        if unsettled == nil, let span = revision {
            revision = nil
            for builder in builders { output.revisedBars += builder.gaps(in: span, sequence: sequence) }
        }
        return unsettled?.firstEnd
    }

    /// Publishes again the closed bars that have received late trades, once a batch is complete.
    mutating func settle(into output: inout PipelineOutput) {
        guard !lateSpans.isEmpty else { return }
        for span in lateSpans {
            for builder in builders { output.revisedBars += builder.revised(in: span, sequence: sequence) }
        }
        lateSpans = []
    }

    /// Marks the bars that the arrival of a missing id completes, up to the known ids next to it.
    private mutating func markFilled(_ trade: Trade, within span: Range<Timestamp>) {
        let time = min(max(trade.time, span.lowerBound), span.upperBound - 1)
        let isLowest = sequence.span(aroundMissing: trade.id - 1) == nil
        let isHighest = sequence.span(aroundMissing: trade.id + 1) == nil
        let start = isLowest ? span.lowerBound : time
        let end = isHighest ? span.upperBound : time + 1
        guard start < closedTime else { return }
        // Before the watermark has passed the end of a gap its bars are not published as gaps, and are revised only
        // where they have received late trades.
        if span.upperBound <= settledTime + 1 || lateTimes?.overlaps(start..<end) == true { markLate(start..<end) }
    }

    mutating func markLate(_ span: Range<Timestamp>) {
        guard let index = lateSpans.lastIndex(where: { $0.overlaps(span) }) else {
            lateSpans.append(span)
            return
        }
        let known = lateSpans[index]
        lateSpans[index] = min(known.lowerBound, span.lowerBound)..<max(known.upperBound, span.upperBound)
    }

    private mutating func record(_ trade: Trade, fillsGap: Bool) {
        let (price, quantity) = (trade.price.doubleValue, trade.quantity.doubleValue)
        counts.trades += 1
        counts.volume += quantity
        if trade.time >= counts.lastTradeTime ?? trade.time {
            counts.lastPrice = price
            counts.lastTradeTime = trade.time
        }
        var isLate = false
        for index in builders.indices where !builders[index].add(trade, price: price, fillsGap: fillsGap) {
            isLate = true
        }
        if isLate {
            counts.late += 1
            markLate(trade.time..<(trade.time + 1))
            let known = lateTimes ?? trade.time..<(trade.time + 1)
            lateTimes = min(known.lowerBound, trade.time)..<max(known.upperBound, trade.time + 1)
        }
    }
}
