import GRDB

/// Moves the write-ahead log into the database beside the writer while many transactions follow each other. Without it
/// one of these transactions would move the log itself, and the next write would wait for the disk.
struct BackgroundCheckpointer {
    /// Far fewer transactions than fill the log to the length at which a commit moves it.
    static let interval = 10

    private let path: String
    private var connection: DatabaseQueue?
    private var transactions = 0

    init(path: String) {
        self.path = path
    }

    /// Counts a transaction. Each tenth is followed by a checkpoint over a separate connection, which does not delay
    /// writes.
    mutating func transactionEnded() async {
        transactions += 1
        guard transactions.isMultiple(of: Self.interval) else { return }
        if connection == nil { connection = try? DatabaseFile.openForCheckpoints(path: path) }
        // If it fails because another checkpoint runs or the disk is full, the next commit moves the log.
        try? await connection?.writeWithoutTransaction { db in _ = try db.checkpoint(.passive) }
    }
}
