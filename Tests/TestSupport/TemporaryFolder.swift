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

    /// Calls `body` with the path of a file with these bytes and removes the file afterwards.
    package static func withFile<Result>(
        _ bytes: some Sequence<UInt8>,
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try await body(url.path())
    }
}
