import GRDB
import MarketData

/// The numbers that the database gives to the run's streams and instruments, by ``InstrumentID``.
struct StreamNumbers {
    private var streamNumbers: [Int64] = []
    private var instrumentNumbers: [Int64] = []

    /// Looks the streams up and adds those that are new, inside the caller's transaction.
    init(of streams: StreamTable, in db: Database) throws {
        for stream in streams.streams {
            let names = [stream.instrument.venue.rawValue, stream.instrument.symbol]
            let instrument = try Self.number(
                in: db,
                select: "SELECT instrument_id FROM instrument WHERE venue = ? AND symbol = ?",
                insert: "INSERT INTO instrument (venue, symbol) VALUES (?, ?)",
                arguments: StatementArguments(names)
            )
            instrumentNumbers.append(instrument)
            streamNumbers.append(
                try Self.number(
                    in: db,
                    select: "SELECT stream_id FROM stream WHERE instrument_id = ? AND name = ?",
                    insert: "INSERT INTO stream (instrument_id, name) VALUES (?, ?)",
                    arguments: [instrument, stream.name]
                )
            )
        }
    }

    func stream(_ id: InstrumentID) -> Int64 {
        streamNumbers[Int(id.index)]
    }

    func instrument(_ id: InstrumentID) -> Int64 {
        instrumentNumbers[Int(id.index)]
    }

    private static func number(
        in db: Database,
        select: String,
        insert: String,
        arguments: StatementArguments
    ) throws -> Int64 {
        if let known = try Int64.fetchOne(db, sql: select, arguments: arguments) { return known }
        try db.execute(sql: insert, arguments: arguments)
        return db.lastInsertedRowID
    }
}
