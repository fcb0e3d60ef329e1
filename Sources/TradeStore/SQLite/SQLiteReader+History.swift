import GRDB
import MarketData

/// Reads in pieces, each in a separate transaction: a long transaction would prevent SQLite from emptying the log.
extension SQLiteReader {
    private static let rowsPerRead = 20_000

    /// All streams of the database, by venue, symbol and name.
    func streams() async throws -> [TradeStream] {
        try await reading { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT i.venue, i.symbol, s.name FROM stream AS s JOIN instrument AS i USING (instrument_id)
                    ORDER BY i.venue, i.symbol, s.name
                    """
            ).map { row in
                TradeStream(instrument: Instrument(venue: Venue(rawValue: row[0]), symbol: row[1]), name: row[2])
            }
        }
    }

    /// The instrument's bars of a range of slots, by ascending slot; none when the database lacks the instrument.
    /// ``Bar/instrument`` is 0.
    func bars(
        of instrument: Instrument,
        timeframe: Timeframe,
        slots: ClosedRange<Int64>
    ) async throws -> [Bar] {
        try await reading { db in
            guard let number = try Self.number(ofKnown: instrument, in: db) else { return [] }
            return try BarTable.bars(InstrumentID(0), number: number, timeframe: timeframe, slots: slots, in: db)
        }
    }

    /// The first and the last slot of an instrument's stored bars; nil when there are none.
    func slots(of instrument: Instrument, timeframe: Timeframe) async throws -> ClosedRange<Int64>? {
        try await reading { db in
            guard let number = try Self.number(ofKnown: instrument, in: db) else { return nil }
            let row = try Row.fetchOne(
                db,
                sql: "SELECT min(slot), max(slot) FROM raw_bar WHERE instrument_id = ? AND timeframe_us = ?",
                arguments: [number, timeframe.microseconds]
            )
            guard let row, let first: Int64 = row[0], let last: Int64 = row[1] else { return nil }
            return first...last
        }
    }

    /// The first slot, at least `slot`, that has a bar of an instrument; nil when there is none.
    func firstSlot(of instrument: Instrument, timeframe: Timeframe, from slot: Int64) async throws -> Int64? {
        try await reading { db in
            guard let number = try Self.number(ofKnown: instrument, in: db) else { return nil }
            return try Int64.fetchOne(
                db,
                sql: "SELECT min(slot) FROM raw_bar WHERE instrument_id = ? AND timeframe_us = ? AND slot >= ?",
                arguments: [number, timeframe.microseconds, slot]
            )
        }
    }

    /// The stream's trades between two times by ascending id, which is nearly the order of time for trades of a feed,
    /// in batches.
    /// - Parameter body: receives a batch; ``Trade/instrument`` is 0.
    func trades(
        of stream: TradeStream,
        from start: Timestamp,
        through end: Timestamp,
        _ body: ([Trade]) async throws -> Void
    ) async throws {
        guard start <= end else { return }
        let found = try await reading { db -> (number: Int64, keys: [ClosedRange<Int64>])? in
            guard let instrument = try Self.number(ofKnown: stream.instrument, in: db),
                let number = try Self.number(of: stream, in: db)
            else { return nil }
            let spans = try TradeSpans(instrument: instrument, in: db)
            let keys = try spans.keys(of: start.microseconds...end.microseconds, in: db)
            return (number, keys.first { $0.stream == number }?.keys ?? [])
        }
        for keys in found?.keys ?? [] {
            var next = TradeKey.id(keys.lowerBound)
            let last = TradeKey.id(keys.upperBound)
            while next <= last {
                let first = next
                let trades = try await reading { db in
                    try TradeTable.trades(
                        InstrumentID(0),
                        stream: found?.number ?? 0,
                        ids: first...last,
                        limit: Self.rowsPerRead,
                        in: db
                    )
                }
                guard let greatest = trades.last?.id else { break }
                let wanted = trades.filter { $0.time >= start && $0.time <= end }
                if !wanted.isEmpty { try await body(wanted) }
                next = greatest + 1
            }
        }
    }

    static func number(ofKnown instrument: Instrument, in db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: "SELECT instrument_id FROM instrument WHERE venue = ? AND symbol = ?",
            arguments: [instrument.venue.rawValue, instrument.symbol]
        )
    }

    private static func number(of stream: TradeStream, in db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT stream_id FROM stream AS s JOIN instrument AS i USING (instrument_id)
                WHERE i.venue = ? AND i.symbol = ? AND s.name = ?
                """,
            arguments: [stream.instrument.venue.rawValue, stream.instrument.symbol, stream.name]
        )
    }
}
