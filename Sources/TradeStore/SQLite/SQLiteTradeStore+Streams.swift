import GRDB
import MarketData

/// Trades and gaps of a stream, in all its numberings: each is a separate stream of the database.
extension SQLiteTradeStore {
    /// The trade with the greatest id of the stream.
    func lastTrade(of instrument: InstrumentID) async throws -> Trade? {
        try await reading { [numbers, damage] db in
            for (base, stream) in try numbers.numberings(of: instrument, in: db).reversed() {
                if let last = try Self.lastTrade(of: instrument, stream, base: base, damage, in: db) { return last }
            }
            return nil
        }
    }

    /// The greatest id of the stream that is stored or inside a gap.
    func lastKnownID(of instrument: InstrumentID) async throws -> Int64? {
        try await reading { [numbers, damage] db in
            var greatest: Int64?
            for (base, stream) in try numbers.numberings(of: instrument, in: db) {
                let last = try Self.lastTrade(of: instrument, stream, base: base, damage, in: db)
                let lastID = last.map { $0.id - base }
                let gap = try IDGapTable.lastID(stream: stream, lastTradeID: lastID ?? 0, in: db)
                greatest = [greatest, lastID.map { $0 + base }, gap.map { $0 + base }].compactMap(\.self).max()
            }
            return greatest
        }
    }

    /// The gaps of the stream that are open.
    func openGaps(of instrument: InstrumentID) async throws -> [StoredIDGap] {
        try await gaps(.open, of: instrument)
    }

    /// The gaps of the stream whose ids the venue does not have.
    func unrepairableGaps(of instrument: InstrumentID) async throws -> [StoredIDGap] {
        try await gaps(.unrepairable, of: instrument)
    }

    /// The gaps of the stream's first numbering that overlap a range of ids.
    func gaps(of instrument: InstrumentID, overlapping ids: ClosedRange<Int64>) async throws -> [IDGap] {
        let stream = numbers.stream(instrument)
        return try await reading { db in
            try IDGapTable.gaps(instrument, stream: stream, overlapping: ids, in: db)
        }
    }

    /// How many gaps of one stream are read: the newest ones.
    private static let gapLimit = TradeSequence.maximumGaps

    private func gaps(_ state: IDGapState, of instrument: InstrumentID) async throws -> [StoredIDGap] {
        try await reading { [numbers, damage] db in
            try numbers.numberings(of: instrument, in: db).flatMap { base, stream in
                try IDGapTable.gaps(
                    state,
                    of: instrument,
                    stream: stream,
                    base: base,
                    limit: Self.gapLimit,
                    damage: damage,
                    in: db
                )
            }
        }
    }

    /// The stream's trades from a time on.
    func trades(of instrument: InstrumentID, from time: Timestamp) async throws -> [Trade] {
        try await reading { [numbers, damage] db in
            var trades: [Trade] = []
            for (base, stream) in try numbers.numberings(of: instrument, in: db).reversed() {
                var tooOld = 0
                try TradeTable.scanBack(instrument, stream: stream, in: db) { trade in
                    if damage.contains(trade, stream: stream) {
                        tooOld += 1
                    } else if trade.time < time {
                        tooOld += 1
                    } else {
                        tooOld = 0
                        trades.append(trade.moved(by: base))
                    }
                    return tooOld < Self.slack
                }
                // The trades of earlier numberings are older.
                if tooOld >= Self.slack { break }
            }
            trades.reverse()
            return trades
        }
    }

    /// The last valid trade of a stream, among the rows with the greatest ids.
    private static func lastTrade(
        of instrument: InstrumentID,
        _ stream: Int64,
        base: Int64,
        _ damage: DamagedRows,
        in db: Database
    ) throws -> Trade? {
        var last: Trade?
        var damagedCount = 0
        try TradeTable.scanBack(instrument, stream: stream, in: db) { trade in
            if damage.contains(trade, stream: stream) {
                damagedCount += 1
                return damagedCount < slack
            }
            last = trade.moved(by: base)
            return false
        }
        return last
    }
}
