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
    /// How many ids lie in open holes.
    public private(set) var missingCount: Int64 = 0

    private var lastTime = Timestamp(microseconds: .min)
    private var openHoles: [OpenHole] = []
    private var lastRepaired: Hole?
    private var lastDiscarded: Hole?

    /// An empty sequence.
    public init(instrument: InstrumentID) {
        self.instrument = instrument
    }

    /// Goes on where an earlier run stopped.
    /// - Parameters:
    ///   - lastID: the greatest id on disk.
    ///   - lastTime: the time of that trade.
    ///   - openHoles: holes still open.
    public mutating func resume(lastID: Int64, lastTime: Timestamp, openHoles: [OpenHole]) {
        self.lastID = lastID
        self.lastTime = lastTime
        self.openHoles = openHoles.sorted { $0.firstID < $1.firstID }
        missingCount = openHoles.reduce(0) { $0 + $1.count }
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
        if let lastID, id <= lastID {
            guard fill(id: id, changes: &changes) else { return .duplicate }
            admission = .fillsHole
        } else {
            if let lastID, id > lastID + 1 {
                let hole = OpenHole(firstID: lastID + 1, lastID: id - 1, after: lastTime, before: time)
                openHoles.append(hole)
                missingCount += hole.count
                changes.append(.put(hole.hole(of: instrument, state: .open)))
                admission = .afterHole(missing: hole.count)
            }
            lastID = id
            lastTime = max(lastTime, time)
        }
        if let discard {
            recordDiscarded(id: id, state: discard.holeState, changes: &changes)
        }
        return admission
    }

    /// Whether trades between these moments are known to be missing.
    public func hasOpenHole(from start: Timestamp, to end: Timestamp) -> Bool {
        openHoles.contains { $0.after < end && $0.before >= start }
    }

    private mutating func fill(id: Int64, changes: inout [HoleChange]) -> Bool {
        guard let index = openHoles.firstIndex(where: { $0.firstID <= id && id <= $0.lastID }) else { return false }
        let hole = openHoles[index]
        var parts: [OpenHole] = []
        if hole.firstID < id {
            parts.append(OpenHole(firstID: hole.firstID, lastID: id - 1, after: hole.after, before: hole.before))
        }
        if id < hole.lastID {
            parts.append(OpenHole(firstID: id + 1, lastID: hole.lastID, after: hole.after, before: hole.before))
        }
        openHoles.replaceSubrange(index...index, with: parts)
        missingCount -= 1

        changes.append(.remove(instrument: instrument, firstID: hole.firstID))
        let repaired = extended(lastRepaired, by: id, state: .repaired)
        lastRepaired = repaired
        changes.append(.put(repaired))
        changes.append(contentsOf: parts.map { .put($0.hole(of: instrument, state: .open)) })
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
