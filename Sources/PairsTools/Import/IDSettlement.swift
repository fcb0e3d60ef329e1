import MarketData
import TradeStore

/// Finds which ids of a numbered stream are missing after an import, and records them as gaps.
struct IDSettlement {
    /// The missing ids.
    struct Outcome {
        /// The first runs of missing ids between two on disk, without the ids of records that are not market trades.
        var runs: [ClosedRange<Int64>] = []
        /// How many further runs there are.
        var furtherRuns = 0
    }

    private static let rowsPerRead = 100_000
    private static let changesPerTransaction = 500

    let store: any BatchStore & IDGapReader & TradeSourceReader
    let stream: InstrumentID
    /// How many runs of missing ids are listed.
    let limit: Int

    /// Records gaps around what was imported, from the trade before to the one after it.
    /// - Parameter imported: the ids of each imported file.
    func run(_ imported: [ClosedRange<Int64>]) async throws -> Outcome {
        var outcome = Outcome()
        var ranges = imported.sorted { $0.lowerBound < $1.lowerBound }[...]
        while var ids = ranges.popFirst() {
            while let next = ranges.first, try await store.neighbours(of: ids, in: stream).upperBound >= next.lowerBound
            {
                ids = ids.lowerBound...max(ids.upperBound, next.upperBound)
                ranges.removeFirst()
            }
            try await settle(ids, into: &outcome)
        }
        return outcome
    }

    private func settle(_ ids: ClosedRange<Int64>, into outcome: inout Outcome) async throws {
        let span = try await store.neighbours(of: ids, in: stream)
        var first: Int64?
        var next = span.lowerBound
        while next <= span.upperBound {
            let rows = try await store.idsAndTimes(of: stream, ids: next...span.upperBound, limit: Self.rowsPerRead)
            guard let last = rows.last?.id, let start = first ?? rows.first?.id else { return }
            var missing: [ClosedRange<Int64>] = []
            var previous = start
            for row in rows {
                if row.id > previous + 1 { missing.append((previous + 1)...(row.id - 1)) }
                previous = row.id
            }
            try await record(missing, among: start...last, into: &outcome)
            first = last
            next = last + 1
        }
    }

    private func record(
        _ missing: [ClosedRange<Int64>],
        among ids: ClosedRange<Int64>,
        into outcome: inout Outcome
    ) async throws {
        let gaps = try await store.gaps(of: stream, overlapping: ids)
        let discarded = IDRuns(gaps.filter { $0.state == .discarded }.map { $0.firstID...$0.lastID })
        let runs = missing.flatMap(discarded.subtracted)
        let listed = runs.prefix(max(0, limit - outcome.runs.count))
        outcome.runs += listed
        outcome.furtherRuns += runs.count - listed.count
        var changes = IDGapSettlement.changes(instrument: stream, ids: ids, missing: missing, recorded: gaps)[...]
        while !changes.isEmpty {
            _ = try await store.write(StoreBatch(gapChanges: Array(changes.prefix(Self.changesPerTransaction))))
            changes = changes.dropFirst(Self.changesPerTransaction)
            try await Task.sleep(for: TransactionPace.pause)
        }
    }
}

/// How recorded gaps change when it is known which ids are missing.
enum IDGapSettlement {
    /// - Parameters:
    ///   - instrument: whose ids.
    ///   - ids: the ids in question; each of them is on disk or missing.
    ///   - missing: those that are not on disk, ascending and disjoint.
    ///   - recorded: the gaps that overlap the ids in question, ascending.
    /// - Returns: changes after which each missing id is in a gap, and each id of a repaired gap is on disk. An id that
    ///   no gap had is `unrepairable`: the files do not have it, and the venue does not keep trades that long.
    static func changes(
        instrument: InstrumentID,
        ids: ClosedRange<Int64>,
        missing: [ClosedRange<Int64>],
        recorded: [IDGap]
    ) -> [IDGapChange] {
        func put(_ ids: ClosedRange<Int64>, _ state: IDGapState) -> IDGapChange {
            .put(IDGap(instrument: instrument, firstID: ids.lowerBound, lastID: ids.upperBound, state: state))
        }
        let missingRuns = IDRuns(missing)
        var changes: [IDGapChange] = []
        var known: [ClosedRange<Int64>] = []
        for gap in recorded {
            let all = gap.firstID...gap.lastID
            if gap.state != .repaired { known.append(all) }
            guard gap.state != .discarded, all.overlaps(ids) else { continue }
            let present = missingRuns.subtracted(from: all.clamped(to: ids))
            // In a repaired gap the missing ids change; in any other, those that are on disk.
            let changed = gap.state == .repaired ? all.clamped(to: ids).subtracting(present) : present
            guard !changed.isEmpty else { continue }
            changes.append(.remove(instrument: instrument, firstID: gap.firstID))
            if gap.state != .repaired { changes += present.map { put($0, .repaired) } }
            changes += all.subtracting(changed).map { put($0, gap.state) }
        }
        let knownRuns = IDRuns(known)
        changes += missing.flatMap(knownRuns.subtracted).map { put($0, .unrepairable) }
        return changes
    }
}
