import GRDB

/// The tables and views of the database, their version, and the mark of databases of this program.
///
/// The tables may change from version to version; other programs rely on the views `trade`, `bar` and `hole`. Their SQL
/// means the same to SQLite and to DuckDB, which reads a view's text: no function but `printf`, `substr` and `abs`, and
/// no division. The upper bits of the key are compared twice: SQLite searches by the range, and DuckDB joins by the
/// equation.
enum Schema {
    /// `PAIR`, in the header of each database of this program.
    static let applicationID = 0x5041_4952
    /// The version of the tables that this program writes.
    static let version = 4

    /// Whether a connection's database is of this program (true) or still empty (false).
    /// - Throws: ``StoreError`` when another program or a newer version of this one made it.
    static func isPresent(in db: Database, path: String) throws -> Bool {
        let applicationID = try Int.fetchOne(db, sql: "PRAGMA application_id")
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if applicationID == Self.applicationID {
            guard version <= Self.version else {
                throw StoreError.newerVersion(path: path, found: version, supported: Self.version)
            }
            return true
        }
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema WHERE name <> 'grdb_issue_102'")
        guard applicationID == 0, version == 0, tables == 0 else {
            throw StoreError.foreignDatabase(path: path)
        }
        return false
    }

    /// Creates missing tables and views, inside the caller's transaction, and marks the database. Writes the mark each
    /// time, so that a disk that permits no writes is detected at start.
    static func create(in db: Database, path: String) throws {
        if try !isPresent(in: db, path: path) {
            try db.execute(sql: tables)
            try db.execute(sql: imports)
            try db.execute(sql: readingStates)
            try db.execute(sql: views)
        } else {
            let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            if found < 2 { try db.execute(sql: imports) }
            if found < 3 { try db.execute(sql: readingStates) }
            if found < 4 { try db.execute(sql: "DROP VIEW trade; DROP VIEW bar; DROP VIEW hole;" + views) }
        }
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(version)")
    }

    private static let tables = """
        CREATE TABLE instrument (
            instrument_id INTEGER PRIMARY KEY,
            venue TEXT NOT NULL,
            symbol TEXT NOT NULL,
            UNIQUE (venue, symbol)
        ) STRICT;
        CREATE TABLE stream (
            stream_id INTEGER PRIMARY KEY CHECK (stream_id BETWEEN 1 AND 524287),
            instrument_id INTEGER NOT NULL REFERENCES instrument,
            name TEXT NOT NULL,
            UNIQUE (instrument_id, name)
        ) STRICT;
        CREATE TABLE timeframe (
            microseconds INTEGER PRIMARY KEY,
            label TEXT NOT NULL
        ) STRICT;
        CREATE TABLE raw_trade (
            key INTEGER PRIMARY KEY,
            time_us INTEGER NOT NULL,
            price INTEGER NOT NULL,
            quantity INTEGER NOT NULL,
            format INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE raw_bar (
            instrument_id INTEGER NOT NULL,
            timeframe_us INTEGER NOT NULL,
            slot INTEGER NOT NULL,
            state INTEGER NOT NULL,
            origin INTEGER NOT NULL,
            open REAL,
            high REAL,
            low REAL,
            close REAL,
            volume REAL,
            trades INTEGER,
            PRIMARY KEY (instrument_id, timeframe_us, slot)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE raw_hole (
            stream_id INTEGER NOT NULL,
            first_id INTEGER NOT NULL,
            last_id INTEGER NOT NULL,
            state TEXT NOT NULL,
            PRIMARY KEY (stream_id, first_id)
        ) STRICT, WITHOUT ROWID;
        """

    /// Imported ranges, which retention does not remove before `import --forget`. Trades have a stream and ids, bars a
    /// timeframe; the others are 0.
    /// The revision is 0 until an import is complete, then greater than that of every import before it.
    private static let imports = """
        CREATE TABLE raw_import (
            instrument_id INTEGER NOT NULL REFERENCES instrument,
            stream_id INTEGER NOT NULL,
            timeframe_us INTEGER NOT NULL,
            checksum TEXT NOT NULL,
            source TEXT NOT NULL,
            first_id INTEGER NOT NULL,
            last_id INTEGER NOT NULL,
            first_us INTEGER NOT NULL,
            last_us INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            is_spared INTEGER NOT NULL,
            PRIMARY KEY (instrument_id, stream_id, timeframe_us, checksum)
        ) STRICT, WITHOUT ROWID;
        """

    /// The states of readings, by pair, timeframe, window and settings. The table has row ids because SQLite is slow
    /// with large rows without them; the index serves imports, which search for either leg.
    private static let readingStates = """
        CREATE TABLE raw_reading_state (
            y_id INTEGER NOT NULL REFERENCES instrument,
            x_id INTEGER NOT NULL REFERENCES instrument,
            timeframe_us INTEGER NOT NULL,
            window_bars INTEGER NOT NULL,
            settings TEXT NOT NULL,
            slot INTEGER NOT NULL,
            state BLOB NOT NULL,
            PRIMARY KEY (y_id, x_id, timeframe_us, window_bars, settings)
        ) STRICT;
        CREATE INDEX raw_reading_state_by_x ON raw_reading_state (x_id, timeframe_us);
        """

    private static let views = """
        CREATE VIEW trade AS
        SELECT i.venue AS venue, i.symbol AS symbol, s.name AS stream,
            t.key & 17592186044415 AS trade_id,
            t.time_us AS time_us,
            \(decimal("t.price", scale: "(t.format & 31)", zeros: "((t.format >> 12) & 255)")) AS price,
            \(decimal("t.quantity", scale: "((t.format >> 5) & 31)", zeros: "((t.format >> 20) & 255)")) AS quantity,
            CASE (t.format >> 10) & 3 WHEN 1 THEN 'buy' WHEN 2 THEN 'sell' ELSE 'unknown' END AS taker_side
        FROM instrument AS i CROSS JOIN stream AS s CROSS JOIN raw_trade AS t
        WHERE s.instrument_id = i.instrument_id
            AND t.key >> 44 = s.stream_id
            AND t.key BETWEEN s.stream_id << 44 AND (s.stream_id << 44) + 17592186044415;
        CREATE VIEW bar AS
        SELECT i.venue AS venue, i.symbol AS symbol, f.label AS timeframe,
            b.slot * b.timeframe_us AS open_time_us,
            b.open AS open, b.high AS high, b.low AS low, b.close AS close, b.volume AS volume, b.trades AS trades,
            CASE b.state WHEN 0 THEN 'traded' WHEN 1 THEN 'carried' ELSE 'gap' END AS state,
            CASE b.origin WHEN 0 THEN 'trades' ELSE 'klines' END AS origin
        FROM instrument AS i CROSS JOIN timeframe AS f CROSS JOIN raw_bar AS b
        WHERE b.instrument_id = i.instrument_id AND b.timeframe_us = f.microseconds;
        CREATE VIEW hole AS
        SELECT i.venue AS venue, i.symbol AS symbol, s.name AS stream,
            h.first_id AS first_id, h.last_id AS last_id, h.state AS state
        FROM instrument AS i CROSS JOIN stream AS s CROSS JOIN raw_hole AS h
        WHERE s.instrument_id = i.instrument_id AND h.stream_id = s.stream_id;
        """

    /// SQL for the text of a scaled integer: all 19 digits with their zeros, cut before the last `scale` of them, then
    /// the further zeros.
    private static func decimal(_ mantissa: String, scale: String, zeros: String) -> String {
        let digits = "printf('%019d', abs(\(mantissa)))"
        return """
            CASE WHEN \(mantissa) < 0 THEN '-' ELSE '' END
                    || CAST(CAST(substr(\(digits), 1, 19 - \(scale)) AS BIGINT) AS TEXT)
                    || CASE WHEN \(scale) > 0 THEN '.' || substr(\(digits), 20 - \(scale)) ELSE '' END
                    || CASE WHEN \(zeros) > 0
                        THEN CASE \(scale) WHEN 0 THEN '.' ELSE '' END || substr(printf('%0255d', 0), 1, \(zeros))
                        ELSE '' END
            """
    }
}
