import GRDB

/// Moves the write-ahead log into the database beside the writer while many transactions follow each other. Otherwise one
/// of them would, and whoever writes next would wait for the disk.
struct BackgroundCheckpointer {
    /// Far fewer transactions than fill the log to the length at which a commit moves it.
    static let interval = 10

    private let path: String
    private var connection: DatabaseQueue?
    private var transactions = 0

    init(path: String) {
        self.path = path
    }

    /// Counts a transaction; each tenth is followed by a checkpoint over a connection of its own, which holds up nobody.
    mutating func transactionEnded() async {
        transactions += 1
        guard transactions.isMultiple(of: Self.interval), path != DatabaseFile.memoryPath else { return }
        if connection == nil { connection = try? DatabaseFile.openForCheckpoints(path: path) }
        // One that does not succeed, because another is under way or the disk is full, is left to the next commit.
        try? await connection?.writeWithoutTransaction { db in _ = try db.checkpoint(.passive) }
    }
}
