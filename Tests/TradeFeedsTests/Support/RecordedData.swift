import Foundation

@testable import TradeFeeds

/// The recorded data beside the repository, which a user's clone does not have.
enum RecordedData {
    static let directory: URL? = {
        var directory = URL(filePath: #filePath)
        while directory.path() != "/" {
            directory.deleteLastPathComponent()
            let data = directory.appending(path: "shared/data")
            if FileManager.default.fileExists(atPath: data.path()) { return data }
        }
        return nil
    }()

    static var isPresent: Bool { directory != nil }

    /// The lines of a file, decompressed.
    static func lines(of name: String) throws -> [String] {
        let reader = try LineReader(path: path(name))
        var lines: [String] = []
        while let line = try reader.withNextLine({ bytes, _ in
            String(
                decoding: (0..<bytes.byteCount).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) },
                as: UTF8.self
            )
        }) {
            lines.append(line)
        }
        return lines
    }

    static func path(_ name: String) -> String {
        directory?.appending(path: name).path() ?? name
    }
}
