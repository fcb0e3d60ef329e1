import Testing

@testable import TradeFiles

@Suite struct ZipInputTests {
    private static let content = Array("id,price\n1,2\n".utf8)

    private func problem(_ archive: [UInt8]) async throws -> String {
        let error = try await #require(throws: ReplayError.self) { try await LineReader.lines(of: archive) }
        return "\(error)"
    }

    @Test("an archive of several files is refused, and names the first")
    func severalFiles() async throws {
        let names = ["a.csv", "b.csv", "c.csv"]
        for count in 2...3 {
            let archive = ZipArchive(names.prefix(count).map { ZipArchive.File($0, Self.content) })
            let list = count == 2 ? "a.csv, b.csv" : "a.csv, b.csv, …"
            #expect(try await problem(archive.bytes).contains("more than one file (\(list)); unpack it"))
        }
    }

    @Test("a list of too many files is refused")
    func longList() async throws {
        let folder = String(repeating: "f", count: 500)
        let archive = ZipArchive((0..<2_100).map { ZipArchive.File("\(folder)/\($0)", [], isDeflated: false) })
        #expect(try await problem(archive.bytes).contains("more than one file (\(folder)/0, \(folder)/1, …)"))
    }

    @Test("an archive without a file is refused")
    func noFile() async throws {
        let folder = ZipArchive([ZipArchive.File("data/", [], isDeflated: false)])
        for archive in [ZipArchive([]), folder] {
            #expect(try await problem(archive.bytes).contains("holds no file"))
        }
    }

    @Test("an encrypted file, an unknown method and a workbook are refused with a reason")
    func otherKinds() async throws {
        var encrypted = ZipArchive.File("a.csv", Self.content)
        encrypted.flags = 1
        #expect(try await problem(ZipArchive([encrypted]).bytes).contains("encrypted"))
        var unknown = ZipArchive.File("a.csv", Self.content)
        unknown.method = 9
        #expect(try await problem(ZipArchive([unknown]).bytes).contains("compression method 9"))
        let workbook = ["[Content_Types].xml", "xl/workbook.xml"].map { ZipArchive.File($0, Self.content) }
        #expect(try await problem(ZipArchive(workbook).bytes).contains("Excel workbook"))
    }

    @Test("bytes after the archive are skipped")
    func trailingBytes() async throws {
        let archive = ZipArchive([ZipArchive.File("a.csv", Self.content)]).bytes + Array("rest".utf8)
        #expect(try await LineReader.lines(of: archive) == ["id,price", "1,2"])
    }

    @Test("no archive with a changed byte traps or has other lines", arguments: [false, true])
    func mutations(isLarge: Bool) async throws {
        let archive = ZipArchive([ZipArchive.File("a.csv", Self.content)], isLarge: isLarge).bytes
        for index in archive.indices {
            for change: UInt8 in [0x01, 0x80, 0xFF] {
                var bytes = archive
                bytes[index] ^= change
                let lines = try? await LineReader.lines(of: bytes)
                // A changed signature makes it a plain file; a changed time, name or version changes no content.
                if index >= 4, let lines { #expect(lines == ["id,price", "1,2"]) }
            }
        }
    }
}
