package import MarketData

/// Why a store cannot be opened, read or written. The description names the file and what to do.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process holds the database for writing.
    case databaseInUse(path: String)
    /// A later version of this program made the database.
    case newerVersion(path: String, found: Int, supported: Int)
    /// The file is not a SQLite database.
    case notADatabase(path: String)
    /// The database belongs to another program.
    case foreignDatabase(path: String)
    /// The file does not exist.
    case notFound(path: String)
    /// The file, its folder or its file system does not permit writing.
    case readOnly(path: String)
    /// No space is left for the database or its write-ahead log.
    case diskFull(path: String)
    /// Another connection locked the database for longer than this program waits.
    case locked(path: String)
    /// A page of the database is damaged.
    case corrupt(path: String, reason: String)
    /// The file or its folder cannot be opened or created.
    case cannotOpen(path: String, reason: String)
    /// The id does not fit the store; see ``BatchStore/acceptedIDs``.
    case idOutOfRange(stream: TradeStream, id: Int64)
    /// The database does not have this instrument.
    case unknownInstrument(path: String, instrument: Instrument, known: [Instrument])
    /// The database has no bars of this length for the instrument.
    case noBars(path: String, instrument: Instrument, timeframe: Timeframe, stored: [Timeframe])
    /// The path leads to another file than when the database was opened, or to none.
    case fileReplaced(path: String, change: String)
    /// Anything else that SQLite or the operating system reports.
    case failed(path: String, reason: String)

    /// What happened, where, and what to do.
    package var description: String {
        switch self {
        case .databaseInUse(let path):
            "\(path): another process is writing to this database; stop it, or give this one its own storage path"
        case .newerVersion(let path, let found, let supported):
            "\(path): the database has version \(found), this program supports up to \(supported); use a newer "
                + "pairs-exporter, or another storage path"
        case .notADatabase(let path):
            "\(path): the file is not a SQLite database; move it away, or use another storage path"
        case .foreignDatabase(let path):
            "\(path): the database was not made by pairs-exporter; use another storage path"
        case .notFound(let path):
            "\(path): no such database; check the path"
        case .readOnly(let path):
            "\(path): the database or its folder is read-only; permit writing there, or use another storage path"
        case .diskFull(let path):
            "\(path): no space left on the disk; free some, or use a storage path on another disk"
        case .locked(let path):
            "\(path): the database is locked by another connection; end its transaction"
        case .corrupt(let path, let reason):
            "\(path): the database is damaged (\(reason)); restore a copy, or recover it with `sqlite3 FILE .recover`"
        case .cannotOpen(let path, let reason):
            "\(path): cannot open the database: \(reason); check the path and its permissions"
        case .idOutOfRange(let stream, let id):
            "\(stream): the trade id \(id) does not fit the store, which accepts ids from 0 up to 2^44 - 1"
        case .unknownInstrument(let path, let instrument, let known):
            "\(path): no data of \(instrument); the database has \(Self.list(known))"
        case .noBars(let path, let instrument, let timeframe, let stored):
            "\(path): no \(timeframe) bars of \(instrument); the database has \(Self.list(stored))"
        case .fileReplaced(let path, let change):
            "\(path): \(change); put the file back, or start the exporter again"
        case .failed(let path, let reason):
            "\(path): \(reason)"
        }
    }

    private static func list(_ items: [some CustomStringConvertible]) -> String {
        items.isEmpty ? "none" : items.map(\.description).joined(separator: ", ")
    }
}
