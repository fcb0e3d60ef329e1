import MarketData

/// Trades that were dropped before they reached the store, kept as what can be written later: open holes.
///
/// A loss is told to the store together with the first trade beyond it. Until then nothing about it is written, so that
/// after an end of the process the stream's next id shows what is missing, as after any other interruption.
struct LostTrades {
    private struct Loss {
        /// Ids lost in this run, ascending and apart by at least one id.
        var ranges: [ClosedRange<Int64>] = []
        /// Hole changes of dropped batches by first id; of several for one hole only the last counts.
        var changes: [Int64: HoleChange] = [:]
        /// The greatest lost id that the store does not know of.
        var greatestUntold: Int64?

        var isUntold: Bool { greatestUntold != nil || !changes.isEmpty }
    }

    private var losses: [InstrumentID: Loss] = [:]

    /// Takes a batch that will not be written.
    mutating func drop(_ batch: StoreBatch) {
        for change in batch.holeChanges {
            losses[change.instrument, default: Loss()].changes[change.firstID] = change
        }
        for trade in batch.trades {
            Self.insert(trade.id, into: &losses[trade.instrument, default: Loss()])
        }
    }

    /// What the store must be told with a batch that will be written: losses that its trades go beyond, before its own
    /// changes; and after them lost holes that they would hide, since whoever made them believes the ids to be on disk.
    mutating func amend(_ batch: inout StoreBatch) {
        guard !losses.isEmpty else { return }
        let hidden = batch.holeChanges.flatMap { change -> [HoleChange] in
            let ranges = losses[change.instrument]?.ranges ?? []
            return ranges.filter { $0.contains(change.firstID) }.map { Self.hole($0, of: change.instrument) }
        }
        var told: [HoleChange] = []
        for instrument in losses.keys {
            guard let loss = losses[instrument], loss.isUntold else { continue }
            if let greatest = loss.greatestUntold,
                !batch.trades.contains(where: { $0.instrument == instrument && $0.id > greatest })
            {
                continue
            }
            told += loss.changes.values
            told += loss.ranges.map { Self.hole($0, of: instrument) }
            losses[instrument]?.changes = [:]
            losses[instrument]?.greatestUntold = nil
        }
        batch.holeChanges = told + batch.holeChanges + hidden
    }

    private static func hole(_ range: ClosedRange<Int64>, of instrument: InstrumentID) -> HoleChange {
        .put(Hole(instrument: instrument, firstID: range.lowerBound, lastID: range.upperBound, state: .open))
    }

    private static func insert(_ id: Int64, into loss: inout Loss) {
        loss.greatestUntold = max(loss.greatestUntold ?? id, id)
        // Nearly always the id after the last one.
        var index = loss.ranges.count
        while index > 0, loss.ranges[index - 1].lowerBound > id { index -= 1 }
        if index > 0, loss.ranges[index - 1].contains(id) { return }
        let joinsLower = index > 0 && loss.ranges[index - 1].upperBound == id - 1
        let joinsUpper = index < loss.ranges.count && loss.ranges[index].lowerBound == id + 1
        switch (joinsLower, joinsUpper) {
        case (true, true):
            loss.ranges[index - 1] = loss.ranges[index - 1].lowerBound...loss.ranges[index].upperBound
            loss.ranges.remove(at: index)
        case (true, false):
            loss.ranges[index - 1] = loss.ranges[index - 1].lowerBound...id
        case (false, true):
            loss.ranges[index] = id...loss.ranges[index].upperBound
        case (false, false):
            loss.ranges.insert(id...id, at: index)
        }
    }
}

extension HoleChange {
    fileprivate var instrument: InstrumentID {
        switch self {
        case .put(let hole): hole.instrument
        case .remove(let instrument, _): instrument
        }
    }

    fileprivate var firstID: Int64 {
        switch self {
        case .put(let hole): hole.firstID
        case .remove(_, let firstID): firstID
        }
    }
}
