import Crypto
import Foundation
import TestSupport
import Testing

@testable import TradeFiles

@Suite struct FileInputTests {
    /// Makes the files longer than one read.
    private static let note = String(repeating: "x", count: 60)
    private static let lines =
        ["time,price,note"]
        + (0..<1_000).map { row in
            "\(row),\(row * 7919 % 10_007),\(row < 9 ? "" : "é币🚀\(note)")"
        }
    private static let packed = Packing.builtIn.filter { $0 != .plain }
    private static let content = Array(lines.map { $0 + "\n" }.joined().utf8)

    @Test(
        "every packing has the same lines in every encoding, and the checksum of the content",
        arguments: Packing.builtIn,
        TextForm.all
    )
    func roundTrip(packing: Packing, form: TextForm) async throws {
        let content = form.bytes(of: Self.lines)
        try await expectRoundTrip(packing, content)
    }

    @Test("the xz program unpacks xz", .enabled(if: Packing.hasXZ, "xz is not installed"))
    func xz() async throws {
        try await expectRoundTrip(.xz, Self.content)
        let twice = try Packing.xz.pack(Self.content) + Packing.xz.pack(Self.content)
        #expect(try await LineReader.lines(of: twice) == Self.lines + Self.lines)
    }

    private func expectRoundTrip(_ packing: Packing, _ content: [UInt8]) async throws {
        let packed = try packing.pack(content)
        try await TemporaryFolder.withFile(packed) { path in
            let reader = try LineReader(path: path)
            #expect(try reader.allLines() == Self.lines)
            #expect(reader.contentChecksum == SHA256.hash(data: content).hexadecimalText.prefix(16))
            #expect(reader.fileSize == packed.count)
            #expect(reader.inputCount <= packed.count && reader.inputCount > packed.count / 2)
        }
    }

    @Test("an empty file has no lines, packed or not", arguments: Packing.builtIn)
    func empty(packing: Packing) async throws {
        #expect(try await LineReader.lines(of: packing.pack([])).isEmpty)
    }

    @Test("a file that ends early at any byte is an error", arguments: packed)
    func torn(packing: Packing) async throws {
        let packed = try packing.pack(Array("id,price\n1,2\n".utf8))
        let padding = packed.reversed().prefix { $0 == 0 }.count
        let comment = packing == .zipCompanions ? 15 : 0
        for count in [4, 8, 17, 29, packed.count - padding - comment - 1] {
            let error = try await #require(throws: ReplayError.self, "\(count) bytes") {
                try await LineReader.lines(of: packed[..<count])
            }
            #expect("\(error)".contains("ends early"))
        }
    }

    @Test("a changed byte of the content is an error", arguments: packed, [0x01, 0x80])
    func damaged(packing: Packing, change: UInt8) async throws {
        var packed = try packing.pack(Self.content)
        packed[packed.startIndex + 1_000] ^= change
        let error = try await #require(throws: ReplayError.self) { try await LineReader.lines(of: packed) }
        #expect("\(error)".contains("damaged"))
    }

    @Test(
        "other bytes after gzip data are an error",
        arguments: [Array("rest".utf8), [0, 0, 1], [0, 0] + Packing.gzip([1]), [0x1F, 0x00]]
    )
    func trailingBytes(bytes: [UInt8]) async throws {
        let error = try await #require(throws: ReplayError.self) {
            try await LineReader.lines(of: Packing.gzip(Self.content) + bytes)
        }
        #expect("\(error)".contains(bytes[0] == 0x1F ? "incorrect header check" : "other bytes follow the gzip data"))
    }

    @Test(
        "damaged xz is an error with the message of xz",
        .enabled(if: Packing.hasXZ, "xz is not installed"),
        arguments: [("Unexpected end of input", true), ("Compressed data is corrupt", false)]
    )
    func damagedXZ(message: String, isTorn: Bool) async throws {
        var packed = try Packing.xz.pack(Self.content)
        if isTorn { packed.removeLast(packed.count / 2) } else { packed[packed.count / 2] ^= 0x55 }
        let error = try await #require(throws: ReplayError.self) { try await LineReader.lines(of: packed) }
        #expect("\(error)".contains("xz cannot unpack it: \(message)"))
    }

    @Test("the error without the xz program names what to install")
    func noXZ() async throws {
        try await TemporaryFolder.withFile(XZInput.signature) { path in
            let error = try #require(throws: UnreadableFile.self) {
                try XZInput(StoredFile.open(path), searchPath: "/nonexistent::/dev/null")
            }
            #expect(error.reason.contains("install xz-utils, or unpack the file"))
        }
    }

    @Test("a reader may end before its xz process", .enabled(if: Packing.hasXZ, "xz is not installed"))
    func droppedXZ() async throws {
        let packed = try Packing.xz.pack([UInt8](repeating: UInt8(ascii: "\n"), count: 8 << 20))
        try await TemporaryFolder.withFile(packed) { path in
            for _ in 0..<20 {
                let reader = try LineReader(path: path)
                #expect(try reader.withNextLine { _, isComplete in isComplete } == true)
            }
        }
    }

    @Test(
        "a missing file and a folder are errors that name the path",
        arguments: [
            ("/nonexistent/file.csv", "there is no such file"), ("/dev/null/file.csv", "there is no such file"),
            ("/", "it is a folder"),
        ]
    )
    func unreadable(path: String, excerpt: String) throws {
        let error = try #require(throws: ReplayError.self) { try LineReader(path: path) }
        #expect("\(error)".contains("\(path): \(excerpt)"))
    }

    @Test(
        "a file without permission is an error with that reason",
        .enabled(if: geteuid() != 0, "root may read and write every file")
    )
    func noPermission() async throws {
        try await TemporaryFolder.withFile(Self.content) { path in
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
            let error = try #require(throws: ReplayError.self) { try LineReader(path: path) }
            #expect("\(error)".contains("this user may not read it"))
        }
    }
}
