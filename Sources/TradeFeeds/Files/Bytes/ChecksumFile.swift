import Foundation

/// The checksum that a publisher puts beside a file: `FILE.CHECKSUM`, in the format of `sha256sum`.
public enum ChecksumFile {
    /// Compares a file with the checksum beside it.
    /// - Returns: whether there is a checksum.
    /// - Throws: ``ReplayError/unusable(path:problem:)`` when the file is not what was published.
    public static func verify(_ path: String) throws(ReplayError) -> Bool {
        guard let text = try? String(contentsOfFile: path + ".CHECKSUM", encoding: .utf8) else { return false }
        let expected = text.prefix { !$0.isWhitespace }.lowercased()
        guard expected.utf8.count == 64 else {
            throw .unusable(path: path + ".CHECKSUM", problem: "it holds no SHA-256 checksum; fetch it again")
        }
        let found = try sha256(of: path)
        guard found == expected else {
            throw .unusable(
                path: path,
                problem: "its SHA-256 is \(found), its .CHECKSUM says \(expected); fetch the file again"
            )
        }
        return true
    }

    private static func sha256(of path: String) throws(ReplayError) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw .unreadable(path: path, reason: "it does not exist or may not be read")
        }
        defer { try? file.close() }
        var hash = SHA256()
        do {
            while let data = try file.read(upToCount: 1 << 20), !data.isEmpty { hash.add([UInt8](data)[...]) }
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
        return hash.text()
    }
}
