import MarketData

/// Trades that were dropped before they reached the store, kept as what can be written later: open holes.
///
/// Hole changes of a dropped batch are kept too; of several for one hole only the last counts.
struct LostTrades {
    private struct HoleKey: Hashable {
        var instrument: InstrumentID
        var firstID: Int64
    }

    /// Ids lost in this run, ascending and apart by at least one id.
    private var ranges: [InstrumentID: [ClosedRange<Int64>]] = [:]
    private var changes: [HoleKey: HoleChange] = [:]
    private var changed: Set<InstrumentID> = []

    /// Whether there is something that the store does not know yet.
    var isPending: Bool { !changes.isEmpty || !changed.isEmpty }

    /// Takes a batch that will not be written.
    mutating func drop(_ batch: StoreBatch) {
        for change in batch.holeChanges {
            changes[Self.key(of: change)] = change
        }
        for trade in batch.trades {
            Self.insert(trade.id, into: &ranges[trade.instrument, default: []])
            changed.insert(trade.instrument)
        }
    }

    /// What the store must be told, to be written before or with any later trade. It is told once.
    mutating func takeChanges() -> [HoleChange] {
        var result = Array(changes.values)
        for instrument in changed {
            result += (ranges[instrument] ?? []).map { .put(Self.hole($0, of: instrument)) }
        }
        changes = [:]
        changed = []
        return result
    }

    /// The holes to be written again after these changes, which know nothing of the loss: whoever made them believes
    /// the ids to be on disk, and a hole with the same first id would be replaced.
    func holesHidden(by later: [HoleChange]) -> [HoleChange] {
        guard !ranges.isEmpty else { return [] }
        return later.compactMap { change in
            let key = Self.key(of: change)
            guard let range = ranges[key.instrument]?.first(where: { $0.contains(key.firstID) }) else { return nil }
            return .put(Self.hole(range, of: key.instrument))
        }
    }

    private static func key(of change: HoleChange) -> HoleKey {
        switch change {
        case .put(let hole): HoleKey(instrument: hole.instrument, firstID: hole.firstID)
        case .remove(let instrument, let firstID): HoleKey(instrument: instrument, firstID: firstID)
        }
    }

    private static func hole(_ range: ClosedRange<Int64>, of instrument: InstrumentID) -> Hole {
        Hole(instrument: instrument, firstID: range.lowerBound, lastID: range.upperBound, state: .open)
    }

    private static func insert(_ id: Int64, into ranges: inout [ClosedRange<Int64>]) {
        // Nearly always the id after the last one.
        var index = ranges.count
        while index > 0, ranges[index - 1].lowerBound > id { index -= 1 }
        if index > 0, ranges[index - 1].contains(id) { return }
        let joinsLower = index > 0 && ranges[index - 1].upperBound == id - 1
        let joinsUpper = index < ranges.count && ranges[index].lowerBound == id + 1
        switch (joinsLower, joinsUpper) {
        case (true, true):
            ranges[index - 1] = ranges[index - 1].lowerBound...ranges[index].upperBound
            ranges.remove(at: index)
        case (true, false):
            ranges[index - 1] = ranges[index - 1].lowerBound...id
        case (false, true):
            ranges[index] = id...ranges[index].upperBound
        case (false, false):
            ranges.insert(id...id, at: index)
        }
    }
}
