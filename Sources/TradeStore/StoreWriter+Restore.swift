package import MarketData
import Synchronization

extension StoreWriter {
    /// The dropped ids that the store can accept; none while it fails.
    package func missing(of instruments: Set<InstrumentID>) -> [RepairRequest] {
        isFailing || isClosed ? [] : lost.missing(of: instruments)
    }

    /// Writes dropped trades that the venue has delivered again. When the store fails meanwhile they stay among
    /// ``missing(of:)``.
    /// - Parameters:
    ///   - trades: the trades, with the ids of the venue.
    ///   - numbering: the numbering of these ids.
    /// - Returns: the other trades, which had not been dropped.
    package func restore(_ trades: [Trade], numbering: Int64 = 0) async -> [Trade] {
        let base = TradeNumbering.base(of: numbering)
        let isLost = { (trade: Trade) in trade.discard == nil && self.lost.contains(trade.moved(by: base)) }
        let own = trades.filter(isLost).map { $0.moved(by: base) }
        guard !own.isEmpty else { return trades }
        let others = trades.filter { !isLost($0) }
        await waitForRoom(for: StoreBatch(trades: own))
        guard !isFailing, !isClosed else { return others }
        let batch = lost.restore(own)
        counters.withLock {
            for trade in batch.trades { $0.droppedIDs[trade.instrument]?.count -= 1 }
        }
        if !batch.isEmpty { append(batch) }
        return others
    }

    /// Records ids that the venue does not have, given as ``RepairRequest/knownIDs(_:)``, as unrepairable; dropped
    /// trades among them no longer count as missing.
    package func markUnrepairable(_ ids: ClosedRange<Int64>, of instrument: InstrumentID) {
        guard !isClosed else { return }
        let batch = lost.markUnrepairable(ids, of: instrument)
        let count = batch.gapChanges.reduce(0) { count, change in
            guard case .put(let gap) = change, gap.state == .unrepairable else { return count }
            return count + Int(gap.lastID - gap.firstID + 1)
        }
        counters.withLock { $0.droppedIDs[instrument]?.count -= count }
        if !batch.isEmpty { append(batch) }
    }
}
