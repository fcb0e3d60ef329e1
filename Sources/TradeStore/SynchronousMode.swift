/// When SQLite waits for the disk. This decides what a power loss can undo.
///
/// In both modes a commit survives the end of this process, `kill -9` included, and no crash corrupts the database.
/// Source: SQLite documentation, `PRAGMA synchronous`, in WAL mode.
package enum SynchronousMode: String, Sendable, CaseIterable {
    /// Waits at checkpoints only: a power loss or a crash of the operating system may undo the last commits.
    case normal
    /// Waits at every commit: what was committed survives a power loss too.
    case full
}
