import MarketData

/// Trades that were dropped before they reached the store. They are written later, as open gaps, and as trades once the
/// venue has delivered them again.
///
/// A loss is written in the same transaction as the first trade beyond it, or as the first gap change of its stream.
/// Until then the store has no record of it: after a crash the stream's next id shows what is missing, as after any
/// other interruption.
struct DroppedTradeLedger {
    private struct Loss {
        /// Ids that were lost in this run and have not been written since.
        var ids = IDRanges()
        /// The greatest time of the trades that were lost.
        var lastTime = Timestamp(microseconds: .min)
        /// Gap changes of dropped batches by first id; of several for one gap only the last counts.
        var changes: [Int64: IDGapChange] = [:]
        /// The greatest lost id that is not recorded in the store.
        var greatestUnrecorded: Int64?

        var hasUnrecordedLoss: Bool { greatestUnrecorded != nil || !changes.isEmpty }

        mutating func drop(_ trade: Trade) {
            ids.insert(trade.id)
            lastTime = max(lastTime, trade.time)
            greatestUnrecorded = max(greatestUnrecorded ?? trade.id, trade.id)
        }
    }

    private var losses: [InstrumentID: Loss] = [:]

    /// Records a batch that will not be written.
    mutating func drop(_ batch: StoreBatch) {
        for change in batch.gapChanges {
            losses[change.instrument, default: Loss()].changes[change.firstID] = change
        }
        for trade in batch.trades {
            losses[trade.instrument, default: Loss()].drop(trade)
        }
    }

    /// Records ids that the store had and has lost, apart from those of trades that will be written.
    /// - Returns: the number of ids that were not lost before.
    mutating func recordLoss(_ missing: StoreMoved.Missing, except trades: [Trade]) -> Int {
        var ids = IDRanges(missing.ids)
        for trade in trades where trade.instrument == missing.instrument && missing.ids.contains(trade.id) {
            ids.remove(trade.id...trade.id)
        }
        var loss = losses[missing.instrument] ?? Loss()
        for range in loss.ids.ranges { ids.remove(range) }
        guard let greatest = ids.ranges.last?.upperBound else { return 0 }
        loss.ids.formUnion(ids)
        loss.lastTime = max(loss.lastTime, missing.lastTime)
        loss.greatestUnrecorded = max(loss.greatestUnrecorded ?? greatest, greatest)
        losses[missing.instrument] = loss
        return ids.ranges.reduce(0) { $0 + $1.count }
    }

    /// Adds losses to a batch that will be written: before its own changes, the losses that its trades or gap changes
    /// go beyond; after them, the lost ranges that its changes would overwrite, since their author assumes that the ids
    /// are on disk.
    mutating func amend(_ batch: inout StoreBatch) {
        guard !losses.isEmpty else { return }
        let hidden = batch.gapChanges.flatMap { change -> [IDGapChange] in
            let ranges = losses[change.instrument]?.ids.ranges ?? []
            return ranges.filter { $0.contains(change.firstID) }.map { Self.gap($0, of: change.instrument) }
        }
        var recorded: [IDGapChange] = []
        for instrument in losses.keys {
            guard let loss = losses[instrument], loss.hasUnrecordedLoss else { continue }
            if let greatest = loss.greatestUnrecorded,
                !batch.trades.contains(where: { $0.instrument == instrument && $0.id > greatest }),
                // Later changes of a stream's gaps build on the earlier ones.
                !batch.gapChanges.contains(where: { $0.instrument == instrument })
            {
                continue
            }
            recorded += loss.changes.values
            recorded += loss.ids.ranges.map { Self.gap($0, of: instrument) }
            losses[instrument]?.changes = [:]
            losses[instrument]?.greatestUnrecorded = nil
        }
        batch.gapChanges = recorded + batch.gapChanges + hidden
    }

    /// How many ranges of lost ids of one stream are requested at a time: the newest ones.
    private static let missingLimit = 1000

    /// The lost ids of these streams.
    func missing(of instruments: Set<InstrumentID>) -> [RepairRequest] {
        losses.filter { instruments.contains($0.key) }.flatMap { instrument, loss in
            loss.ids.ranges.suffix(Self.missingLimit).map { range in
                let numbering = TradeNumbering.numbering(of: range.lowerBound)
                let base = TradeNumbering.base(of: numbering)
                let ids = (range.lowerBound - base)...(range.upperBound - base)
                return RepairRequest(instrument: instrument, ids: ids, before: loss.lastTime, numbering: numbering)
            }
        }
    }

    /// Whether a trade is one that was dropped.
    func contains(_ trade: Trade) -> Bool {
        losses[trade.instrument]?.ids.contains(trade.id) ?? false
    }

    /// The batch that writes those of the trades that had been dropped; they no longer count as lost.
    mutating func restore(_ trades: [Trade]) -> StoreBatch {
        var batch = StoreBatch()
        for (instrument, own) in Dictionary(grouping: trades.filter(contains), by: \.instrument) {
            batch.trades += own
            var ids = IDRanges()
            for trade in own { ids.insert(trade.id) }
            batch.gapChanges += settle(ids, of: instrument, as: .repaired)
        }
        return batch
    }

    /// The batch that records lost ids which the venue does not have as unrepairable; they no longer count as lost.
    mutating func markUnrepairable(_ ids: ClosedRange<Int64>, of instrument: InstrumentID) -> StoreBatch {
        guard let lost = losses[instrument]?.ids.intersection(ids) else { return StoreBatch() }
        return StoreBatch(gapChanges: settle(lost, of: instrument, as: .unrepairable))
    }

    /// The gap changes when some of the lost ids get another state.
    private mutating func settle(
        _ ids: IDRanges,
        of instrument: InstrumentID,
        as state: IDGapState
    ) -> [IDGapChange] {
        guard var loss = losses[instrument] else { return [] }
        var touched: [ClosedRange<Int64>] = []
        for range in ids.ranges {
            touched += loss.ids.overlapping(range).drop { $0 == touched.last }
        }
        for range in ids.ranges { loss.ids.remove(range) }
        losses[instrument] = loss
        let left = touched.flatMap { loss.ids.overlapping($0) }
        return touched.map { .remove(instrument: instrument, firstID: $0.lowerBound) }
            + ids.ranges.map { Self.gap($0, of: instrument, state) }
            + left.map { Self.gap($0, of: instrument) }
    }

    private static func gap(
        _ range: ClosedRange<Int64>,
        of instrument: InstrumentID,
        _ state: IDGapState = .open
    ) -> IDGapChange {
        .put(IDGap(instrument: instrument, firstID: range.lowerBound, lastID: range.upperBound, state: state))
    }
}

extension IDGapChange {
    /// The instrument whose gaps change.
    var instrument: InstrumentID {
        switch self {
        case .put(let gap): gap.instrument
        case .remove(let instrument, _): instrument
        }
    }

    fileprivate var firstID: Int64 {
        switch self {
        case .put(let gap): gap.firstID
        case .remove(_, let firstID): firstID
        }
    }
}
