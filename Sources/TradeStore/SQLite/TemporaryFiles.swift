import Foundation

/// Where SQLite sorts what does not fit into memory.
package enum TemporaryFiles {
    private static let variable = "SQLITE_TMPDIR"

    /// Makes SQLite sort in the folder of a database, whose disk has space for these rows: `/tmp` is small or in memory
    /// in many containers. A folder that the environment names takes precedence.
    ///
    /// Changes the environment of the process, so call it at the start.
    package static func keep(besideDatabase path: String) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        setenv(variable, folder, 0)
    }
}
