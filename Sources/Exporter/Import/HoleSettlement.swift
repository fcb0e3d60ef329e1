import MarketData

/// How recorded holes change when it is known which ids are missing.
enum HoleSettlement {
    /// - Parameters:
    ///   - instrument: whose ids.
    ///   - missing: the ids that are not on disk, ascending and apart.
    ///   - recorded: the holes that overlap the ids in question, ascending.
    /// - Returns: changes after which every missing id is in a hole, and no open one has an id that is on disk. An id that
    ///   no hole told of is `unrepairable`: the files have it not, and the venue's past does not reach that far.
    static func changes(
        instrument: InstrumentID,
        missing: [ClosedRange<Int64>],
        recorded: [Hole]
    ) -> [HoleChange] {
        var changes: [HoleChange] = []
        var told: [ClosedRange<Int64>] = []
        for hole in recorded where hole.state != .repaired {
            let ids = hole.firstID...hole.lastID
            told.append(ids)
            guard hole.state != .discarded else { continue }
            let present = ids.subtracting(missing)
            guard !present.isEmpty else { continue }
            changes.append(.remove(instrument: instrument, firstID: hole.firstID))
            changes += present.map { put(instrument, $0, .repaired) }
            changes += ids.subtracting(present).map { put(instrument, $0, hole.state) }
        }
        changes += missing.flatMap { $0.subtracting(told) }.map { put(instrument, $0, .unrepairable) }
        return changes
    }

    private static func put(_ instrument: InstrumentID, _ ids: ClosedRange<Int64>, _ state: HoleState) -> HoleChange {
        .put(Hole(instrument: instrument, firstID: ids.lowerBound, lastID: ids.upperBound, state: state))
    }
}
