import GRDB
import MarketData

/// The row ids of streams and instruments in the database, by ``InstrumentID``.
///
/// The ids of a stream are unique only until the venue restarts them. So each numbering is a separate stream of the
/// database: `aggTrade`, `aggTrade-2`, `aggTrade-3`.
struct RowIDs {
    private struct Later: Hashable {
        var instrument: InstrumentID
        var numbering: Int64
    }

    private let streams: StreamTable
    private var streamNumbers: [Int64] = []
    private var instrumentNumbers: [Int64] = []
    /// Streams of later numberings that have been used.
    private var laterNumbers: [Later: Int64] = [:]

    /// The streams that have a row id; the table may have further streams, which are not in the database yet.
    var ids: [InstrumentID] { streamNumbers.indices.map { InstrumentID($0) } }

    /// Reads the row ids of the streams and adds new streams to the database, inside the caller's transaction.
    init(of streams: StreamTable, in db: Database) throws {
        self.streams = streams
        try update(in: db)
    }

    /// Reads the row ids of streams that were added to the table, and adds new ones to the database.
    mutating func update(in db: Database) throws {
        for stream in streams.streams.dropFirst(streamNumbers.count) {
            let names = [stream.instrument.venue.rawValue, stream.instrument.symbol]
            let instrument = try Self.number(
                in: db,
                select: "SELECT instrument_id FROM instrument WHERE venue = ? AND symbol = ?",
                insert: "INSERT INTO instrument (venue, symbol) VALUES (?, ?)",
                arguments: StatementArguments(names)
            )
            instrumentNumbers.append(instrument)
            streamNumbers.append(try Self.stream(stream.name, of: instrument, in: db))
        }
    }

    /// Reads the row ids of the streams of a batch and adds new streams, inside the caller's transaction.
    mutating func prepare(for batch: StoreBatch, in db: Database) throws {
        for trade in batch.trades { try prepare(trade.instrument, TradeNumbering.numbering(of: trade.id), in: db) }
        for case .put(let gap) in batch.gapChanges {
            try prepare(gap.instrument, TradeNumbering.numbering(of: gap.firstID), in: db)
        }
    }

    private mutating func prepare(_ instrument: InstrumentID, _ numbering: Int64, in db: Database) throws {
        guard numbering > 0 else { return }
        let key = Later(instrument: instrument, numbering: numbering)
        guard laterNumbers[key] == nil else { return }
        let name = TradeKey.name(streams[instrument].name, numbering: numbering)
        laterNumbers[key] = try Self.stream(name, of: self.instrument(instrument), in: db)
    }

    /// The streams of all numberings, from the first to the last, each with what is added to its ids.
    func numberings(of instrument: InstrumentID, in db: Database) throws -> [(base: Int64, stream: Int64)] {
        let name = streams[instrument].name
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT name, stream_id FROM stream WHERE instrument_id = ? AND name LIKE ? || '-%'",
            arguments: [self.instrument(instrument), name]
        )
        let later = rows.compactMap { row -> (base: Int64, stream: Int64)? in
            let text = (row[0] as String).dropFirst(name.count + 1)
            guard let number = Int64(text), (2...TradeNumbering.limit).contains(number) else { return nil }
            let numbering = number - 1
            guard row[0] == TradeKey.name(name, numbering: numbering) else { return nil }
            return (TradeNumbering.base(of: numbering), row[1])
        }
        return [(0, stream(instrument))] + later.sorted { $0.base < $1.base }
    }

    /// The row id of the stream that a trade id belongs to. Requires a call of ``prepare(for:in:)``.
    func stream(_ instrument: InstrumentID, of id: Int64) -> Int64 {
        let numbering = TradeNumbering.numbering(of: id)
        if numbering == 0 { return stream(instrument) }
        return laterNumbers[Later(instrument: instrument, numbering: numbering)] ?? stream(instrument)
    }

    /// The stream of the first numbering.
    func stream(_ id: InstrumentID) -> Int64 {
        streamNumbers[Int(id.index)]
    }

    func instrument(_ id: InstrumentID) -> Int64 {
        instrumentNumbers[Int(id.index)]
    }

    private static func stream(_ name: String, of instrument: Int64, in db: Database) throws -> Int64 {
        try number(
            in: db,
            select: "SELECT stream_id FROM stream WHERE instrument_id = ? AND name = ?",
            insert: "INSERT INTO stream (instrument_id, name) VALUES (?, ?)",
            arguments: [instrument, name]
        )
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
