import Crypto
import Foundation
import Testing

@testable import TradeFiles

@Suite struct ChecksumFileTests {
    private static let content = Data("id,price\n1,2\n".utf8)
    private static let good = SHA256.hash(data: content).hexadecimalText
    private static let wrong = String(repeating: "0", count: 64)

    /// Verifies a file named `a.csv` with these other files in its folder.
    private func verify(_ files: [String: String]) throws -> Bool {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.content.write(to: folder.appending(path: "a.csv"))
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        return try ChecksumFile.verify(folder.appending(path: "a.csv").path())
    }

    @Test(
        "a list of one or several files verifies the file in any format of the list",
        arguments: [
            "\(good)", "\(good)  a.csv\n", "\(good) *a.csv\r\n", "\(good.uppercased())  other.csv\n",
            "\(wrong)  b.csv\n\(good)  a.csv\n", "# comment\n\(wrong)  b.csv\n\(good) *data/a.csv\n",
        ]
    )
    func goodList(list: String) throws {
        #expect(try verify(["a.csv.CHECKSUM": list]))
        #expect(try verify(["a.csv.sha256": list]))
    }

    @Test("a file without a list is not verified")
    func noList() throws {
        #expect(try !verify([:]))
        #expect(try !verify(["b.csv.CHECKSUM": Self.wrong]))
        #expect(try !ChecksumFile.verify("-"))
    }

    @Test(
        "a checksum that differs, a list without the file and a list without checksums are errors",
        arguments: [
            ("\(wrong)  a.csv\n", "its SHA-256 is \(good)"),
            ("\(wrong)  b.csv\n\(good)  c.csv\n", "lists 2 files, but not a.csv"),
            ("", "no SHA-256 checksum"), ("<html>", "no SHA-256 checksum"), ("\(good)0  a.csv", "no SHA-256 checksum"),
        ]
    )
    func badList(list: String, excerpt: String) throws {
        let error = try #require(throws: ReplayError.self) { try verify(["a.csv.CHECKSUM": list]) }
        #expect("\(error)".contains(excerpt))
    }
}
