/// Completeness by id: which ids of one stream have been seen, and which are known to exist and were not.
///
/// A venue numbers the trades of a stream without gaps, so a jump from 7 to 10 proves that 8 and 9 happened elsewhere.
public struct TradeSequence: Sendable {
    /// What an id turned out to be.
    public enum Admission: Hashable, Sendable {
        /// The next id, or the first of all.
        case next
        /// Ids before this one are missing; the count says how many.
        case afterHole(missing: Int64)
        /// An id that was missing.
        case fillsHole
        /// An id that was seen before, or is older than everything known.
        case duplicate
    }

    /// Ids a stream may use: what fits beside the stream's number in one 63-bit key.
    public static let validIDs: Range<Int64> = 0..<(1 << 44)

    /// The stream whose ids these are.
    public let instrument: InstrumentID
    /// The greatest id seen, nil before the first.
    public private(set) var lastID: Int64?
    /// How many ids lie in open holes; those that were given up do not count.
    public private(set) var openCount: Int64 = 0

    /// The time of the record with the greatest id, or of the one before while that time is not to be believed.
    private(set) var lastTime = Timestamp(microseconds: .min)
    private var openHoles: [OpenHole] = []
    private var lastRepaired: Hole?
    private var lastDiscarded: Hole?

    /// An empty sequence.
    public init(instrument: InstrumentID) {
        self.instrument = instrument
    }

    /// Goes on where an earlier run stopped.
    /// - Parameters:
    ///   - lastID: the greatest id on disk; a hole beyond it counts as known too.
    ///   - lastTime: the time of that trade.
    ///   - openHoles: holes still open.
    public mutating func resume(lastID: Int64, lastTime: Timestamp, openHoles: [OpenHole]) {
        self.lastID = openHoles.reduce(lastID) { max($0, $1.lastID) }
        self.lastTime = lastTime
        self.openHoles = openHoles.sorted { $0.firstID < $1.firstID }
        openCount = repairableHoles.reduce(0) { $0 + $1.count }
    }

    /// Takes the id of a record.
    /// - Parameters:
    ///   - id: the id, inside ``validIDs``.
    ///   - time: the record's time.
    ///   - discard: why the record is no trade, so that its id can be named a hole that nobody need repair.
    ///   - changes: what the store must write in the same transaction as the trade.
    /// - Returns: what the id is; a record that is ``Admission/duplicate`` must not be used.
    public mutating func admit(
        id: Int64,
        time: Timestamp,
        discard: DiscardReason? = nil,
        changes: inout [HoleChange]
    ) -> Admission {
        var admission = Admission.next
        let believed = discard == .time ? nil : time
        if let lastID, id <= lastID {
            guard fill(id: id, time: believed, isDiscarded: discard != nil, changes: &changes) else {
                return .duplicate
            }
            admission = .fillsHole
        } else {
            if let lastID, id > lastID + 1 {
                let hole = OpenHole(
                    firstID: lastID + 1,
                    lastID: id - 1,
                    after: lastTime,
                    before: believed ?? Self.unknownEnd
                )
                openHoles.append(hole)
                openCount += hole.count
                changes.append(.put(hole.hole(of: instrument)))
                admission = .afterHole(missing: hole.count)
            }
            lastID = id
            if let believed {
                lastTime = believed
                endHoles(at: believed)
            }
        }
        if let discard {
            recordDiscarded(id: id, state: discard.holeState, changes: &changes)
        }
        return admission
    }

    /// The holes worth asking the venue for, by ascending id.
    var repairableHoles: [OpenHole] { openHoles.filter { $0.state == .open } }

    /// How many ids lie in open holes of which something may have been traded at or after a moment.
    func openCount(from moment: Timestamp) -> Int64 {
        openHoles.reduce(0) { $1.state == .open && $1.before >= moment ? $0 + $1.count : $0 }
    }

    /// The time within which the trade with this id must have happened, nil unless the id is missing.
    func span(aroundMissing id: Int64) -> Range<Timestamp>? {
        openHole(around: id).map { openHoles[$0].start..<(openHoles[$0].end + 1) }
    }

    /// Gives missing ids up: the venue cannot tell them any more. Should one arrive after all, it is taken.
    mutating func giveUp(_ ids: ClosedRange<Int64>, changes: inout [HoleChange]) {
        var parts: [OpenHole] = []
        for hole in openHoles {
            guard hole.state == .open, hole.firstID <= ids.upperBound, hole.lastID >= ids.lowerBound else {
                parts.append(hole)
                continue
            }
            changes.append(.remove(instrument: instrument, firstID: hole.firstID))
            var (lower, middle, upper) = (hole, hole, hole)
            lower.lastID = ids.lowerBound - 1
            middle.firstID = max(hole.firstID, ids.lowerBound)
            middle.lastID = min(hole.lastID, ids.upperBound)
            middle.state = .unrepairable
            upper.firstID = ids.upperBound + 1
            openCount -= middle.count
            for part in [lower, middle, upper] where part.count > 0 {
                parts.append(part)
                changes.append(.put(part.hole(of: instrument)))
            }
        }
        openHoles = parts
    }

    /// Whether trades between these moments are known to be missing.
    public func hasOpenHole(from start: Timestamp, to end: Timestamp) -> Bool {
        openHoles.contains { $0.start < end && $0.end >= start }
    }

    /// When the newest hole begins, nil when none is open.
    var newestHoleStart: Timestamp? { openHoles.last?.start }

    /// Where the holes lie that may only be trades out of order, because the watermark has not yet passed the trade that
    /// showed them to be missing; nil when there are none.
    func unsettled(at watermark: Timestamp) -> (start: Timestamp, firstEnd: Timestamp)? {
        var span: (start: Timestamp, firstEnd: Timestamp)?
        for hole in openHoles.reversed() where hole.before != Self.unknownEnd {
            guard hole.end > watermark else { break }
            span = (min(span?.start ?? hole.start, hole.start), min(span?.firstEnd ?? hole.end, hole.end))
        }
        return span
    }

    /// The end of a hole beyond which no record with a believable time has been seen.
    private static let unknownEnd = Timestamp(microseconds: .max)

    /// Ends the last holes at a time that is known now.
    private mutating func endHoles(at time: Timestamp) {
        guard openHoles.last?.before == Self.unknownEnd else { return }
        for index in openHoles.indices.reversed() {
            guard openHoles[index].before == Self.unknownEnd else { return }
            openHoles[index].before = time
        }
    }

    /// The position of the open hole that an id lies in.
    private func openHole(around id: Int64) -> Int? {
        var candidates = openHoles.indices
        while !candidates.isEmpty {
            let middle = candidates.lowerBound + candidates.count / 2
            if openHoles[middle].lastID < id {
                candidates = (middle + 1)..<candidates.upperBound
            } else if openHoles[middle].firstID > id {
                candidates = candidates.lowerBound..<middle
            } else {
                return middle
            }
        }
        return nil
    }

    private mutating func fill(
        id: Int64,
        time: Timestamp?,
        isDiscarded: Bool,
        changes: inout [HoleChange]
    ) -> Bool {
        guard let index = openHole(around: id) else { return false }
        let hole = openHoles[index]
        var (lower, upper) = (hole, hole)
        lower.lastID = id - 1
        upper.firstID = id + 1
        if let time {
            // A time from elsewhere tells that an id was wrong, and nothing of when the others were traded.
            let inside = min(max(time, hole.start), hole.end)
            lower.before = inside
            upper.after = inside
        }
        let parts = [lower, upper].filter { $0.count > 0 }
        openHoles.replaceSubrange(index...index, with: parts)
        if hole.state == .open { openCount -= 1 }

        changes.append(.remove(instrument: instrument, firstID: hole.firstID))
        if !isDiscarded {
            let repaired = extended(lastRepaired, by: id, state: .repaired)
            lastRepaired = repaired
            changes.append(.put(repaired))
        }
        changes.append(contentsOf: parts.map { .put($0.hole(of: instrument)) })
        return true
    }

    private mutating func recordDiscarded(id: Int64, state: HoleState, changes: inout [HoleChange]) {
        let discarded = extended(lastDiscarded, by: id, state: state)
        lastDiscarded = discarded
        changes.append(.put(discarded))
    }

    /// The hole one id longer when that id follows it, otherwise a hole of that id alone.
    private func extended(_ hole: Hole?, by id: Int64, state: HoleState) -> Hole {
        if let hole, hole.lastID + 1 == id, hole.state == state {
            return Hole(instrument: instrument, firstID: hole.firstID, lastID: id, state: state)
        }
        return Hole(instrument: instrument, firstID: id, lastID: id, state: state)
    }
}
