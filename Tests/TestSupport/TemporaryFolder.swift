import Foundation

/// A folder that is removed after its test.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "pairs-exporter-tests-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Where a file of the folder is, or would be.
    package func file(_ name: String = "pairs.sqlite") -> String {
        path + "/" + name
    }
}
