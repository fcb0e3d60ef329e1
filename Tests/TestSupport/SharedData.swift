package import Foundation

/// The folder of recorded data and reference results beside the repository, absent on a plain clone.
package enum SharedData {
    private static let root: URL? = {
        var folder = URL(filePath: #filePath)
        while folder.path() != "/" {
            folder.deleteLastPathComponent()
            if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path()) {
                return folder.deletingLastPathComponent().appending(path: "shared")
            }
        }
        return nil
    }()

    /// Whether a file or folder is there.
    package static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: file(path))
    }

    /// Where a file is, or would be.
    package static func file(_ path: String) -> String {
        root?.appending(path: path).path() ?? path
    }

    package static func data(_ path: String) throws -> Data {
        try Data(contentsOf: URL(filePath: file(path)))
    }

    /// A file's text, decompressed when its name ends in `gz`.
    package static func text(_ path: String) throws -> String {
        String(decoding: try path.hasSuffix(".gz") ? decompressed(path) : data(path), as: UTF8.self)
    }

    /// A file's lines, decompressed when its name ends in `gz`.
    package static func lines(_ path: String) throws -> [String] {
        try text(path).split(whereSeparator: \.isNewline).map(String.init)
    }

    private static func decompressed(_ path: String) throws -> Data {
        guard exists(path) else { throw CocoaError(.fileNoSuchFile) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", file(path)]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
        return data
    }
}
