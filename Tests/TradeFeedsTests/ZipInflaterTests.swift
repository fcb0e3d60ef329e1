import Foundation
import Testing

@testable import TradeFeeds

@Suite struct ZipInflaterTests {
    /// Archives made by Python's `zipfile`: forty times `id,price`, or `id` and `1` where it is stored.
    enum Archive: String, CaseIterable {
        case deflated =
            "UEsDBBQAAAAIAAAACFmvwDUeEAAAAGgBAAAFAAAAYS5jc3bLTNEpKMpMTuXKHGXQkgEAUEsBAhQDFAAAAAgAAAAIWa/ANR4QAAAAaAEAAAUAAAAAAAAAAAAAAIABAAAAAGEuY3N2UEsFBgAAAAABAAEAMwAAADMAAAAAAA=="
        case stored =
            "UEsDBBQAAAAAAAAACFkP6VvNBQAAAAUAAAAFAAAAYS5jc3ZpZAoxClBLAQIUAxQAAAAAAAAACFkP6VvNBQAAAAUAAAAFAAAAAAAAAAAAAACAAQAAAABhLmNzdlBLBQYAAAAAAQABADMAAAAoAAAAAAA="
        case descriptor =
            "UEsDBBQACAAIAAAACFkAAAAAAAAAAAAAAAAFAAAAYS5jc3bLTNEpKMpMTuXKHGXQkgEAUEsHCK/ANR4QAAAAaAEAAFBLAQIUAxQACAAIAAAACFmvwDUeEAAAAGgBAAAFAAAAAAAAAAAAAACAAQAAAABhLmNzdlBLBQYAAAAAAQABADMAAABDAAAAAAA="

        var bytes: [UInt8] { Array(Data(base64Encoded: rawValue) ?? Data()) }
        var text: String { self == .stored ? "id\n1\n" : String(repeating: "id,price\n", count: 40) }
    }

    private static let twoFiles =
        "UEsDBBQAAAAIAAAACFkfCOpGBAAAAAIAAAABAAAAYavgAgBQSwMEFAAAAAgAAAAIWR8I6kYEAAAAAgAAAAEAAABiq+ACAFBLAQIUAxQAAAAIAAAACFkfCOpGBAAAAAIAAAABAAAAAAAAAAAAAACAAQAAAABhUEsBAhQDFAAAAAgAAAAIWR8I6kYEAAAAAgAAAAEAAAAAAAAAAAAAAIABIwAAAGJQSwUGAAAAAAIAAgBeAAAARgAAAAAA"

    @Test("the file comes out, in whatever pieces the archive comes in", arguments: Archive.allCases, [1, 7, 1 << 16])
    func pieces(archive: Archive, size: Int) throws {
        let inflater = try ZipInflater()
        var output: [UInt8] = []
        for start in stride(from: 0, to: archive.bytes.count, by: size) {
            let piece = Array(archive.bytes[start..<min(start + size, archive.bytes.count)])
            try inflater.inflate(piece, count: piece.count, into: &output)
        }
        #expect(inflater.isComplete)
        #expect(String(decoding: output, as: UTF8.self) == archive.text)
    }

    @Test("a reader of lines takes an archive for the text in it", arguments: Archive.allCases)
    func lines(archive: Archive) async throws {
        let count = try await Fixtures.withFile(archive.bytes) { path in
            let reader = try LineReader(path: path)
            while try reader.withNextLine({ _, _ in }) != nil {}
            return reader.lineNumber
        }
        #expect(count == archive.text.split(separator: "\n").count)
    }

    @Test("a changed byte of the content is found by the checksum", arguments: Archive.allCases)
    func damage(archive: Archive) throws {
        var bytes = archive.bytes
        bytes[35] ^= 1
        #expect(throws: ZipInflater.Failure.self) {
            var output: [UInt8] = []
            try ZipInflater().inflate(bytes, count: bytes.count, into: &output)
        }
    }

    @Test("an archive that ends early is an error", arguments: Archive.allCases, [20, 36, 39])
    func torn(archive: Archive, length: Int) async throws {
        await #expect(throws: ReplayError.self) {
            try await Fixtures.withFile(archive.bytes.prefix(length)) { path in
                let reader = try LineReader(path: path)
                while try reader.withNextLine({ _, _ in }) != nil {}
            }
        }
    }

    @Test("an archive of several files is refused in words")
    func severalFiles() throws {
        let bytes = Array(Data(base64Encoded: Self.twoFiles) ?? Data())
        let error = #expect(throws: ZipInflater.Failure.self) {
            var output: [UInt8] = []
            try ZipInflater().inflate(bytes, count: bytes.count, into: &output)
        }
        #expect("\(String(describing: error))".contains("more than one file"))
    }
}
