/// When SQLite waits for the disk, which decides what a power loss can take back.
///
/// In both modes a commit survives the end of this process, `kill -9` included, and no crash corrupts the database.
/// Source: SQLite documentation, `PRAGMA synchronous`, in WAL mode.
package enum SynchronousMode: String, Sendable, CaseIterable {
    /// Waits at checkpoints only: a power loss or a crash of the operating system may take back the last commits.
    case normal
    /// Waits at every commit: what was committed survives a power loss too.
    case full
}
