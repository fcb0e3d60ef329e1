import MarketData
import TradeStore

/// What follows from trades that were imported: which ids are missing now, and the bars of their time.
///
/// Both are made from what is on disk then, whatever it came from, so that an import joins what was there before and
/// after it.
struct ImportSettlement {
    /// What was found.
    struct Outcome {
        /// Ids between two on disk that are not there, apart from records that were no trades.
        var missing: [ClosedRange<Int64>] = []
        /// Bars written.
        var bars = 0
    }

    private static let rowsPerRead = 20_000
    /// Ids are only nearly in the order of time: bars wait so many microseconds for trades of theirs.
    private static let lateness: Int64 = 60_000_000

    let store: SQLiteTradeStore
    let instrument: InstrumentID
    /// The ids of what was imported.
    let ids: ClosedRange<Int64>
    /// Its times.
    let times: ClosedRange<Timestamp>
    let timeframes: [Timeframe]
    let carryLimit: Int

    /// Writes bars and holes.
    /// - Parameter onProgress: hears the share of the trades that has been looked at.
    func run(onProgress: (Double) -> Void) async throws -> Outcome {
        let previous = try await store.trade(of: instrument, before: ids.lowerBound)
        let above = (ids.upperBound + 1)...max(ids.upperBound + 1, store.acceptedIDs.upperBound - 1)
        let next = try await store.trades(of: instrument, ids: above, limit: 1).first
        let span = (previous?.id ?? ids.lowerBound)...(next?.id ?? ids.upperBound)
        let from = [previous?.time, times.lowerBound].compactMap(\.self).min() ?? times.lowerBound
        let through = [next?.time, times.upperBound].compactMap(\.self).max() ?? times.upperBound
        let scan = Scan(from: from, through: through, span: span)
        let holes = try await store.holes(of: instrument, overlapping: span)
        var outcome = Outcome()
        let missing = try await buildBars(scan, holes: holes, bars: &outcome.bars, onProgress: onProgress)
        let changes = HoleSettlement.changes(instrument: instrument, missing: missing, recorded: holes)
        if !changes.isEmpty { _ = try await store.write(StoreBatch(holeChanges: changes)) }
        let discarded = holes.filter { $0.state == .discarded }.map { $0.firstID...$0.lastID }
        outcome.missing = missing.flatMap { $0.subtracting(discarded) }
        return outcome
    }

    /// What is looked at: bars that overlap the times, ids between those of the span.
    private struct Scan {
        let from: Timestamp
        let through: Timestamp
        let span: ClosedRange<Int64>
    }

    /// Builds the bars from the trades on disk; returns the ids of the span that are not there.
    private func buildBars(
        _ scan: Scan,
        holes: [Hole],
        bars: inout Int,
        onProgress: (Double) -> Void
    ) async throws -> [ClosedRange<Int64>] {
        let longest = timeframes.max()
        let start = longest.map { $0.openTime(of: $0.slot(of: scan.from)) } ?? scan.from
        let end = (longest.map { $0.closeTime(of: $0.slot(of: scan.through)) } ?? scan.through) + Self.lateness
        let bound = scan.span.lowerBound
        var nextID: Int64? = try await store.firstID(of: instrument, from: start, below: bound) ?? bound
        let discarded = holes.filter { $0.state == .discarded }.map { $0.firstID...$0.lastID }
        let position = Int(instrument.index)
        var tape = VenueTape(
            instruments: position..<(position + 1),
            timeframes: timeframes,
            lateness: Self.lateness,
            carryLimit: carryLimit
        )
        var pace = TransactionPace()
        var missing: [ClosedRange<Int64>] = []
        var last: Trade?
        while let id = nextID {
            let trades = try await store.trades(
                of: instrument,
                ids: id...(store.acceptedIDs.upperBound - 1),
                limit: Self.rowsPerRead
            )
            var records: [Trade] = []
            records.reserveCapacity(trades.count)
            for trade in trades {
                if let before = last, trade.id > before.id + 1 {
                    let gap = (before.id + 1)...(trade.id - 1)
                    if gap.overlaps(scan.span) { missing.append(gap.clamped(to: scan.span)) }
                    records += Self.discards(gap, discarded, like: before)
                }
                records.append(trade)
                last = trade
            }
            var output = TapeOutput()
            if let latest = trades.map(\.time).max() {
                tape.append(TradeBatch(trades: records, receivedAt: latest), into: &output)
            }
            let isLast = trades.count < Self.rowsPerRead
            let isBeyond = last.map { $0.id > scan.span.upperBound && $0.time > end } ?? false
            nextID = isLast || isBeyond ? nil : last.map { $0.id + 1 }
            if isLast, let now = tape.now { tape.finish(at: now, into: &output) }
            bars += try await write(output.bars + output.revisedBars, scan, &pace)
            let done = Double((last?.id ?? bound) - bound) / Double(scan.span.upperBound - bound + 1)
            onProgress(min(1, max(0, done)))
        }
        return missing
    }

    /// Records of no market trade in place of ids that are known to be such, so that they make no gap.
    private static func discards(
        _ gap: ClosedRange<Int64>,
        _ discarded: [ClosedRange<Int64>],
        like neighbour: Trade
    ) -> [Trade] {
        discarded.filter { $0.overlaps(gap) }.flatMap { $0.clamped(to: gap) }.map { id in
            var record = neighbour
            record.id = id
            record.discard = .orderType
            return record
        }
    }

    private func write(_ bars: [Bar], _ scan: Scan, _ pace: inout TransactionPace) async throws -> Int {
        let wanted = bars.filter { bar in
            bar.slot >= bar.timeframe.slot(of: scan.from) && bar.slot <= bar.timeframe.slot(of: scan.through)
        }
        var next = 0
        while next < wanted.count {
            let batch = Array(wanted[next..<min(wanted.count, next + pace.rows)])
            next += batch.count
            try await pace.run(rows: batch.count) { try await store.replaceBars(batch) }
        }
        return wanted.count
    }
}
