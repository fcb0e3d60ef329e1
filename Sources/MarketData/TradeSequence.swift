/// Completeness by id: which ids of one stream have been received, and which exist but have not been received.
///
/// A venue numbers the trades of a stream without gaps, so a jump from 7 to 10 proves that 8 and 9 exist.
public struct TradeSequence: Sendable {
    /// What an id is in the sequence.
    public enum Admission: Hashable, Sendable {
        /// The next id, or the first of all.
        case next
        /// Ids before this one are missing; `missing` is their number.
        case afterGap(missing: Int64)
        /// An id that was missing.
        case fillsGap
        /// An id that was received before, or is below all known ids.
        case duplicate
    }

    /// Ids a venue may use: what fits beside the stream's number in one 63-bit key.
    public static let validIDs: Range<Int64> = 0..<(1 << 44)
    /// The most separate gaps of one sequence; beyond that the oldest ones are merged into one unrepairable gap.
    public static let maximumGaps = 250_000
    /// The greatest first id of a new numbering up to which its ids from 0 on count as missing.
    static let greatestMissingStart: Int64 = 100_000

    /// The stream whose ids these are.
    public let instrument: InstrumentID
    /// The greatest id received, nil before the first; see ``TradeNumbering`` for ids after the venue has restarted
    /// them.
    public private(set) var lastID: Int64?
    /// The venue's numbering that ids belong to.
    public private(set) var numbering: Int64 = 0
    /// How many ids lie in open gaps; unrepairable gaps do not count.
    var openCount: Int64 { gaps.openCount }

    /// The time of the record with the greatest id whose time is accepted.
    private(set) var lastTime = Timestamp(microseconds: .min)
    /// The greatest accepted time of a record: no id that was received before has a later one.
    private(set) var greatestTime = Timestamp(microseconds: .min)
    private var gaps = IDGapList()
    /// Whether gaps have been merged, because there were more than ``maximumGaps``.
    private(set) var hasMerged = false
    /// Whether the end time of the last gaps is still unknown.
    private var hasUnknownEnd = false
    private var lastRepaired: IDGap?
    private var lastDiscarded: IDGap?

    /// An empty sequence.
    public init(instrument: InstrumentID) {
        self.instrument = instrument
    }

    /// Continues from what an earlier run has stored.
    /// - Parameters:
    ///   - lastID: the greatest id on disk; a gap beyond it counts as known too.
    ///   - lastTime: the time of that trade.
    ///   - openGaps: gaps still open.
    public mutating func resume(lastID: Int64, lastTime: Timestamp, openGaps: [TimedIDGap]) {
        let last = openGaps.reduce(lastID) { max($0, $1.lastID) }
        self.lastID = last
        numbering = TradeNumbering.numbering(of: last)
        self.lastTime = lastTime
        recordKnown(lastTime)
        let base = TradeNumbering.base(of: numbering)
        gaps = IDGapList(
            openGaps.sorted { $0.firstID < $1.firstID }.map { gap in
                var gap = gap
                // At the venue, other trades have the ids of an earlier numbering.
                if gap.firstID < base { gap.state = .unrepairable }
                return gap
            }
        )
        hasUnknownEnd = gaps.last?.before == TimedIDGap.unknownEnd
        while gaps.count > Self.maximumGaps, gaps.mergeOldest() != nil {}
    }

    /// Records the time of a record that an earlier run has received.
    mutating func recordKnown(_ time: Timestamp) {
        greatestTime = max(greatestTime, time)
    }

    /// Begins a new numbering of the venue; its first record follows.
    ///
    /// Missing ids of the numbering before become unrepairable, because other trades have those ids.
    /// - Parameters:
    ///   - firstID: the venue's id of that record.
    ///   - time: its time.
    ///   - knownTime: up to when trades are known where some may have been lost since; nil where none were.
    ///   - changes: what the store must write in the same transaction.
    /// - Returns: false when there have been too many numberings.
    mutating func beginNumbering(
        firstID: Int64,
        at time: Timestamp,
        knownTime: Timestamp?,
        changes: inout [IDGapChange]
    ) -> Bool {
        guard let last = lastID, numbering + 1 < TradeNumbering.limit else { return false }
        markUnrepairable(0...last, changes: &changes)
        endGaps(at: lastTime)
        if let knownTime {
            // The number of trades that the numbering before had after that is unknown; their time is known.
            gaps.append(
                TimedIDGap(firstID: last + 1, lastID: last, after: knownTime, before: time, state: .unrepairable)
            )
        }
        numbering += 1
        // Most numberings begin with 0 or 1. Before another small id the venue may have more.
        let isStartMissing = firstID > 1 && firstID <= Self.greatestMissingStart
        lastID = TradeNumbering.base(of: numbering) + (isStartMissing ? 0 : firstID) - 1
        (lastRepaired, lastDiscarded) = (nil, nil)
        return true
    }

    /// Records an interruption in which an unknown number of trades may have been lost; only its time is known.
    mutating func recordInterruption(from start: Timestamp, to end: Timestamp) {
        guard let last = lastID else { return }
        gaps.append(TimedIDGap(firstID: last + 1, lastID: last, after: start, before: end, state: .unrepairable))
        while gaps.count > Self.maximumGaps, gaps.mergeOldest() != nil {}
    }

    /// Records the id of a record.
    /// - Parameters:
    ///   - id: the id, inside ``TradeNumbering/ids``.
    ///   - time: the record's time.
    ///   - discard: why the record is not a trade, so that its id becomes a gap that needs no repair.
    ///   - changes: what the store must write in the same transaction as the trade.
    /// - Returns: what the id is; a record that is ``Admission/duplicate`` must not be used.
    public mutating func admit(
        id: Int64,
        time: Timestamp,
        discard: DiscardReason? = nil,
        changes: inout [IDGapChange]
    ) -> Admission {
        var admission = Admission.next
        if let lastID, id <= lastID {
            guard fill(id: id, time: time, isDiscarded: discard != nil, changes: &changes) else {
                return .duplicate
            }
            admission = .fillsGap
        } else {
            if let lastID, id > lastID + 1 {
                let gap = TimedIDGap(
                    firstID: lastID + 1,
                    lastID: id - 1,
                    after: lastTime,
                    before: time
                )
                gaps.append(gap)
                changes.append(.put(gap.gap(of: instrument)))
                if gaps.count > Self.maximumGaps { mergeOldest(&changes) }
                admission = .afterGap(missing: gap.count)
            }
            lastID = id
            lastTime = time
            if hasUnknownEnd { endGaps(at: time) }
        }
        if time > greatestTime { greatestTime = time }
        if let discard {
            recordDiscarded(id: id, state: discard.gapState, changes: &changes)
        }
        return admission
    }

    /// Records that an id exists whose record cannot be used: the id is missing, and so are all between the last one
    /// and it. An id far ahead is ignored, because it may be as wrong as the rest of its record; the next id shows what
    /// is missing.
    /// - Returns: how many more ids are missing.
    mutating func expect(_ id: Int64, changes: inout [IDGapChange]) -> Int64 {
        guard let lastID, id > lastID, id - lastID <= Self.longestExpectation else { return 0 }
        let missing = id - lastID
        var gap = TimedIDGap(firstID: lastID + 1, lastID: id, after: lastTime, before: TimedIDGap.unknownEnd)
        if let last = gaps.last, last.lastID == lastID, last.state == .open, !last.hasEnd {
            gap.firstID = last.firstID
            gap.after = last.after
            gaps.replace(overlapping: lastID...lastID) { _ in [gap] }
        } else {
            gaps.append(gap)
        }
        hasUnknownEnd = true
        self.lastID = id
        changes.append(.put(gap.gap(of: instrument)))
        if gaps.count > Self.maximumGaps { mergeOldest(&changes) }
        return missing
    }

    /// The missing ids to request from the venue, the newest first: spans of ids that fit one page of most venues, each
    /// with the gaps in it. A gap that is longer than such a span has a span of its own.
    func missing(atMost limit: Int) -> [RepairRequest] {
        let base = TradeNumbering.base(of: numbering)
        var spans: [RepairRequest] = []
        var block: Int64?
        gaps.visitNewest(onlyOpen: true) { gap in
            guard gap.firstID >= base else { return false }
            // While no time beyond it is accepted, the venue's answer would not be accepted either.
            guard gap.hasEnd else { return true }
            let (first, last) = (gap.firstID - base, gap.lastID - base)
            let blocks = (first / Self.spanLength, last / Self.spanLength)
            if let current = block, blocks == (current, current), var span = spans.popLast() {
                span.ids = first...span.ids.upperBound
                span.after = gap.start
                span.gaps.append(first...last)
                spans.append(span)
                return true
            }
            guard spans.count < limit else { return false }
            spans.append(
                RepairRequest(
                    instrument: instrument,
                    ids: first...last,
                    after: gap.start,
                    before: gap.before,
                    numbering: numbering
                )
            )
            block = blocks.0 == blocks.1 ? blocks.0 : nil
            return true
        }
        return spans
    }

    /// The earliest moment, not before a horizon, at which a trade of an open gap can have happened; for a gap that
    /// begins before the horizon and ends after it, its end.
    func earliestRepair(from horizon: Timestamp) -> Timestamp? {
        var earliest: Timestamp?
        gaps.visitNewest(onlyOpen: true) { gap in
            let moment = gap.start >= horizon ? gap.start : gap.before >= horizon ? gap.before : nil
            earliest = [earliest, moment].compactMap(\.self).min()
            return true
        }
        return earliest
    }

    /// The number of ids in open gaps whose trades may have happened at or after a moment.
    func openCount(from moment: Timestamp) -> Int64 { gaps.openCount(from: moment) }

    /// Whether an id is the next one, as nearly every id is.
    func isNext(_ id: Int64) -> Bool {
        guard let lastID else { return false }
        return id == lastID + 1
    }

    /// The time within which the trade with this id must have happened, nil unless the id is missing.
    func span(aroundMissing id: Int64) -> Range<Timestamp>? {
        gaps.gap(around: id).flatMap { $0.isMerged ? nil : $0.start..<($0.end + 1) }
    }

    /// Marks missing ids as unrepairable, because the venue does not have them. One that still arrives is accepted.
    mutating func markUnrepairable(_ ids: ClosedRange<Int64>, changes: inout [IDGapChange]) {
        gaps.replace(overlapping: ids) { [instrument] gap in
            guard gap.state == .open else { return [gap] }
            changes.append(.remove(instrument: instrument, firstID: gap.firstID))
            var parts = gap.split(by: ids)
            parts.inside.state = .unrepairable
            let kept = [parts.lower, parts.inside, parts.upper].filter { $0.count > 0 }
            changes += kept.map { .put($0.gap(of: instrument)) }
            return kept
        }
    }

    /// Removes missing ids that the venue never assigned, as its answer shows.
    /// - Returns: the span of time that they were expected in, nil when none of them was missing.
    mutating func dismiss(_ ids: ClosedRange<Int64>, changes: inout [IDGapChange]) -> Range<Timestamp>? {
        var span: Range<Timestamp>?
        gaps.replace(overlapping: ids) { [instrument] gap in
            guard gap.state == .open else { return [gap] }
            span = min(span?.lowerBound ?? gap.start, gap.start)..<max(span?.upperBound ?? gap.end, gap.end + 1)
            changes.append(.remove(instrument: instrument, firstID: gap.firstID))
            let parts = gap.split(by: ids)
            let kept = [parts.lower, parts.upper].filter { $0.count > 0 }
            changes += kept.map { .put($0.gap(of: instrument)) }
            return kept
        }
        return span
    }

    /// Whether trades between these moments are known to be missing.
    func hasOpenGap(from start: Timestamp, to end: Timestamp) -> Bool {
        gaps.hasGap(from: start, to: end)
    }

    /// When the newest gap begins, nil when none is open.
    var newestGapStart: Timestamp? { gaps.last?.start }

    /// The earliest start and the earliest end of the gaps that may only be trades out of order, because the watermark
    /// has not passed the trade after them; nil when there are none.
    func unsettled(at watermark: Timestamp) -> (start: Timestamp, firstEnd: Timestamp)? {
        gaps.newest(endingAfter: watermark)
    }

    private static let longestExpectation: Int64 = 10_000

    /// How many ids are requested at once where gaps lie close together.
    private static let spanLength: Int64 = 1000

    /// Ends the last gaps at a time that has become known.
    private mutating func endGaps(at time: Timestamp) {
        hasUnknownEnd = false
        gaps.changeNewest { gap in
            guard gap.before == TimedIDGap.unknownEnd else { return false }
            gap.before = time
            return true
        }
    }

    /// Keeps the number of gaps bounded: the two oldest are merged, and ids in it are neither requested nor accepted.
    private mutating func mergeOldest(_ changes: inout [IDGapChange]) {
        guard let (first, second) = gaps.mergeOldest() else { return }
        hasMerged = true
        for var gap in [first, second] where gap.state == .open {
            gap.state = .unrepairable
            changes.append(.put(gap.gap(of: instrument)))
        }
    }

    private mutating func fill(
        id: Int64,
        time: Timestamp,
        isDiscarded: Bool,
        changes: inout [IDGapChange]
    ) -> Bool {
        guard let gap = gaps.gap(around: id), !gap.isMerged else { return false }
        var parts = gap.split(by: id...id)
        // A time outside the gap shows that an id was wrong, but not when the other trades happened.
        let inside = min(max(time, gap.start), gap.end)
        parts.lower.before = inside
        parts.upper.after = inside
        let kept = [parts.lower, parts.upper].filter { $0.count > 0 }
        gaps.replace(overlapping: id...id) { _ in kept }

        changes.append(.remove(instrument: instrument, firstID: gap.firstID))
        if !isDiscarded {
            let repaired = extended(lastRepaired, by: id, state: .repaired)
            lastRepaired = repaired
            changes.append(.put(repaired))
        }
        changes.append(contentsOf: kept.map { .put($0.gap(of: instrument)) })
        return true
    }

    private mutating func recordDiscarded(id: Int64, state: IDGapState, changes: inout [IDGapChange]) {
        let discarded = extended(lastDiscarded, by: id, state: state)
        lastDiscarded = discarded
        changes.append(.put(discarded))
    }

    /// The gap one id longer when that id follows it, otherwise a gap of that id alone.
    private func extended(_ gap: IDGap?, by id: Int64, state: IDGapState) -> IDGap {
        if let gap, gap.lastID + 1 == id, gap.state == state {
            return IDGap(instrument: instrument, firstID: gap.firstID, lastID: id, state: state)
        }
        return IDGap(instrument: instrument, firstID: id, lastID: id, state: state)
    }
}
