import MarketData

/// Trades that were dropped before they reached the store, kept as what can be written later: open gaps, and the trades
/// themselves once the venue has told them again.
///
/// A loss is written to the store together with the first trade beyond it, or the first change of a gap of its stream. Until
/// then nothing about it is written, so that after an end of the process the stream's next id shows what is missing, as
/// after any other interruption.
struct DroppedTradeLedger {
    private struct Loss {
        /// Ids lost in this run and not written since.
        var ids = IDRanges()
        /// The greatest time of the trades that were lost.
        var lastTime = Timestamp(microseconds: .min)
        /// IDGap changes of dropped batches by first id; of several for one gap only the last counts.
        var changes: [Int64: IDGapChange] = [:]
        /// The greatest lost id that the store does not know of.
        var greatestUntold: Int64?

        var isUntold: Bool { greatestUntold != nil || !changes.isEmpty }

        mutating func drop(_ trade: Trade) {
            ids.insert(trade.id)
            lastTime = max(lastTime, trade.time)
            greatestUntold = max(greatestUntold ?? trade.id, trade.id)
        }
    }

    private var losses: [InstrumentID: Loss] = [:]

    /// Takes a batch that will not be written.
    mutating func drop(_ batch: StoreBatch) {
        for change in batch.gapChanges {
            losses[change.instrument, default: Loss()].changes[change.firstID] = change
        }
        for trade in batch.trades {
            losses[trade.instrument, default: Loss()].drop(trade)
        }
    }

    /// Records ids that the store had and has lost, apart from those of trades that it is about to get.
    /// - Returns: how many ids are lost besides those that were already.
    mutating func lose(_ missing: StoreMoved.Missing, except trades: [Trade]) -> Int {
        var ids = IDRanges(missing.ids)
        for trade in trades where trade.instrument == missing.instrument && missing.ids.contains(trade.id) {
            ids.remove(trade.id...trade.id)
        }
        var loss = losses[missing.instrument] ?? Loss()
        for range in loss.ids.ranges { ids.remove(range) }
        guard let greatest = ids.ranges.last?.upperBound else { return 0 }
        loss.ids.formUnion(ids)
        loss.lastTime = max(loss.lastTime, missing.lastTime)
        loss.greatestUntold = max(loss.greatestUntold ?? greatest, greatest)
        losses[missing.instrument] = loss
        return ids.ranges.reduce(0) { $0 + $1.count }
    }

    /// What the store must be told with a batch that will be written: losses that its trades go beyond, before its own
    /// changes; and after them lost gaps that they would hide, since whoever made them believes the ids to be on disk.
    mutating func amend(_ batch: inout StoreBatch) {
        guard !losses.isEmpty else { return }
        let hidden = batch.gapChanges.flatMap { change -> [IDGapChange] in
            let ranges = losses[change.instrument]?.ids.ranges ?? []
            return ranges.filter { $0.contains(change.firstID) }.map { Self.gap($0, of: change.instrument) }
        }
        var told: [IDGapChange] = []
        for instrument in losses.keys {
            guard let loss = losses[instrument], loss.isUntold else { continue }
            if let greatest = loss.greatestUntold,
                !batch.trades.contains(where: { $0.instrument == instrument && $0.id > greatest }),
                // Later changes of a stream's gaps build on the earlier ones.
                !batch.gapChanges.contains(where: { $0.instrument == instrument })
            {
                continue
            }
            told += loss.changes.values
            told += loss.ids.ranges.map { Self.gap($0, of: instrument) }
            losses[instrument]?.changes = [:]
            losses[instrument]?.greatestUntold = nil
        }
        batch.gapChanges = told + batch.gapChanges + hidden
    }

    /// How many ranges of lost ids of one stream are asked for at a time, the newest.
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

    /// What writes those of the trades that had been dropped, which count as lost no longer.
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

    /// What records that lost ids cannot be told again, which are waited for no longer.
    mutating func giveUp(_ ids: ClosedRange<Int64>, of instrument: InstrumentID) -> StoreBatch {
        guard let lost = losses[instrument]?.ids.intersection(ids) else { return StoreBatch() }
        return StoreBatch(gapChanges: settle(lost, of: instrument, as: .unrepairable))
    }

    /// How gaps change when some of the lost ids are in another state.
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
    fileprivate var instrument: InstrumentID {
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
