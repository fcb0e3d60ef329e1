import Crypto
import Foundation

/// The checksum file that a publisher adds to a file: `FILE.CHECKSUM` or `FILE.sha256`, in the format of `sha256sum`.
package enum ChecksumFile {
    private static let endings = [".CHECKSUM", ".sha256"]

    /// Compares a file, as stored on disk, with its checksum file.
    /// - Returns: whether there is a checksum file.
    /// - Throws: ``ReplayError/unusable(path:problem:)`` when the checksum does not match.
    package static func verify(_ path: String) throws(ReplayError) -> Bool {
        guard path != StoredFile.standardInput,
            let list = endings.map({ path + $0 }).first(where: FileManager.default.fileExists)
        else { return false }
        let expected = try checksum(in: list, of: path)
        let found = try sha256(of: path)
        guard found == expected else {
            throw .unusable(
                path: path,
                problem: "its SHA-256 is \(found), \(list) says \(expected); fetch the file again"
            )
        }
        return true
    }

    /// The only checksum of a list, whatever its name, or that of the file in a list of several.
    private static func checksum(in list: String, of path: String) throws(ReplayError) -> String {
        let content: Data
        do {
            content = try Data(contentsOf: URL(filePath: list))
        } catch {
            throw .unreadable(path: list, reason: error.localizedDescription)
        }
        let lines = String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap(Line.init)
        let name = URL(filePath: path).lastPathComponent
        if lines.isEmpty {
            throw .unusable(path: list, problem: "it holds no SHA-256 checksum; fetch it again")
        }
        guard let line = lines.count == 1 ? lines.first : lines.first(where: { $0.name == name }) else {
            throw .unusable(path: list, problem: "it lists \(lines.count) files, but not \(name)")
        }
        return line.checksum
    }

    /// A line of a list: a checksum and a name, with `*` before the name of a file that was read as binary.
    private struct Line {
        let checksum: String
        let name: Substring

        init?(_ text: Substring) {
            let hexadecimal = text.prefix { $0.isASCII && $0.isHexDigit }
            guard hexadecimal.utf8.count == 64 else { return nil }
            checksum = hexadecimal.lowercased()
            let path = text.dropFirst(64).drop { $0.isWhitespace || $0 == "*" }
            name = path.split(separator: "/").last ?? ""
        }
    }

    private static func sha256(of path: String) throws(ReplayError) -> String {
        var hash = SHA256()
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        do throws(UnreadableFile) {
            let input = PlainInput(try StoredFile.open(path))
            while true {
                let count = try piece.withUnsafeMutableBufferPointer { bytes throws(UnreadableFile) in
                    try input.read(into: bytes)
                }
                if count == 0 { return hash.finalize().hexadecimalText }
                piece[..<count].withUnsafeBytes { hash.update(bufferPointer: $0) }
            }
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
    }
}

extension SHA256.Digest {
    /// 64 hexadecimal digits, as `sha256sum` prints them.
    var hexadecimalText: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
