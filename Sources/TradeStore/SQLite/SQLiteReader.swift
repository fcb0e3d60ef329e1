import GRDB
import MarketData

/// Read-only access to a store's database, also while another process writes to it.
///
/// ```swift
/// let reader = try SQLiteReader(path: "data/pairs.sqlite")
/// let bars = try await reader.bars(of: instrument, timeframe: timeframe, last: 240)
/// ```
struct SQLiteReader: StoreReader {
    /// The database file.
    let path: String
    private let database: DatabaseQueue

    /// Opens an existing database.
    /// - Throws: ``StoreError`` when there is none, or another program or a newer version of this one made it.
    init(path: String) throws(StoreError) {
        self.path = path
        database = try DatabaseFile.openForReading(path: path)
    }

    /// All instruments of the database, by venue and symbol.
    func instruments() async throws -> [Instrument] {
        try await reading(Self.instruments)
    }

    /// The lengths of the bars that are stored for an instrument, ascending.
    /// - Throws: ``StoreError/unknownInstrument(path:instrument:known:)``.
    func timeframes(of instrument: Instrument) async throws -> [Timeframe] {
        try await reading { db in
            try Self.timeframes(number: number(of: instrument, in: db), in: db)
        }
    }

    /// The bars of the last `count` slots that end at the newest stored bar, by ascending slot. Slots without a bar are
    /// left out. ``Bar/instrument`` is the position in ``instruments()``.
    /// - Parameter slot: later bars are left out.
    /// - Throws: ``StoreError`` that lists what the database has, when it lacks this instrument or these bars.
    func bars(
        of instrument: Instrument,
        timeframe: Timeframe,
        last count: Int,
        through slot: Int64
    ) async throws -> [Bar] {
        try await reading { db in
            let number = try number(of: instrument, in: db)
            let position = try Self.instruments(db).firstIndex(of: instrument) ?? 0
            let bars = try BarTable.bars(
                InstrumentID(position),
                number: number,
                timeframe: timeframe,
                last: count,
                through: slot,
                in: db
            )
            if bars.isEmpty, count > 0 {
                let stored = try Self.timeframes(number: number, in: db)
                throw StoreError.noBars(path: path, instrument: instrument, timeframe: timeframe, stored: stored)
            }
            return bars
        }
    }

    private static func instruments(_ db: Database) throws -> [Instrument] {
        try Row.fetchAll(db, sql: "SELECT venue, symbol FROM instrument ORDER BY venue, symbol").map { row in
            Instrument(venue: Venue(rawValue: row[0]), symbol: row[1])
        }
    }

    private static func timeframes(number: Int64, in db: Database) throws -> [Timeframe] {
        try String.fetchAll(
            db,
            sql: """
                SELECT label FROM timeframe AS f WHERE EXISTS
                    (SELECT 1 FROM raw_bar WHERE instrument_id = ? AND timeframe_us = f.microseconds)
                ORDER BY microseconds
                """,
            arguments: [number]
        ).compactMap(Timeframe.init)
    }

    private func number(of instrument: Instrument, in db: Database) throws -> Int64 {
        let number = try Int64.fetchOne(
            db,
            sql: "SELECT instrument_id FROM instrument WHERE venue = ? AND symbol = ?",
            arguments: [instrument.venue.rawValue, instrument.symbol]
        )
        guard let number else {
            throw StoreError.unknownInstrument(path: path, instrument: instrument, known: try Self.instruments(db))
        }
        return number
    }

    func reading<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.read(body)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
