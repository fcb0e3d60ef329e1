import Foundation
import Synchronization
import TestSupport
import Testing

@testable import TradeFiles

@Suite struct PipeCopiesTests {
    private static let content = Array((0..<100_000).map { "\($0),1.5\n" }.joined().utf8)

    /// The descriptor of a pipe into which the bytes are written.
    private func pipe(_ bytes: [UInt8]) -> Int32 {
        let pipe = Pipe()
        let writer = pipe.fileHandleForWriting
        let write: @Sendable () -> Void = {
            try? writer.write(contentsOf: Data(bytes))
            try? writer.close()
        }
        // Bytes that fit into a pipe are written immediately, because some tests do not read them.
        if bytes.count <= 4_096 { write() } else { Thread.detachNewThread(write) }
        return dup(pipe.fileHandleForReading.fileDescriptor)
    }

    private func bytes(of file: StoredFile) throws -> [UInt8] {
        try file.bytes(at: 0, count: file.size)
    }

    @Test("a pipe can be read twice, and is opened once", arguments: [0, 1, 100_000])
    func twice(count: Int) throws {
        let copies = PipeCopies()
        let content = Array(Self.content.prefix(count))
        let opened = Mutex(0)
        for _ in 0..<2 {
            let file = try copies.file(named: "-") {
                opened.withLock { $0 += 1 }
                return pipe(content)
            }
            #expect(try bytes(of: file) == content)
        }
        #expect(opened.withLock { $0 } == 1)
    }

    @Test("the copy has no name in its folder")
    func unnamed() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try PipeCopies(folder: folder.path()).file(named: "-") { pipe(Self.content) }
        #expect(file.size == Self.content.count)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).isEmpty)
    }

    @Test("a regular file is not copied, and begins at its current position")
    func regularFile() async throws {
        try await TemporaryFolder.withFile(Self.content) { path in
            let copies = PipeCopies(folder: "/nonexistent")
            let descriptor = open(path, O_RDONLY)
            lseek(descriptor, 1_000, SEEK_SET)
            for _ in 0..<2 {
                let file = try copies.file(named: "-") { descriptor }
                #expect(try bytes(of: file) == Array(Self.content[1_000...]))
            }
        }
    }

    @Test("a folder that cannot be written is an error at every attempt")
    func noRoom() throws {
        let copies = PipeCopies(folder: "/nonexistent")
        for _ in 0..<2 {
            let error = try #require(throws: UnreadableFile.self) {
                try copies.file(named: "-") { () throws(UnreadableFile) in pipe([1, 2, 3]) }
            }
            #expect(error.reason.contains("set TMPDIR"))
        }
    }

    @Test("a named pipe is read twice by its path", arguments: [Packing.plain, .gzip, .zipDeflated])
    func namedPipe(packing: Packing) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let packed = try packing.pack(Self.content)
        Thread.detachNewThread {
            let writer = FileHandle(forWritingAtPath: path)
            try? writer?.write(contentsOf: Data(packed))
            try? writer?.close()
        }
        for _ in 0..<2 {
            let reader = try LineReader(path: path)
            #expect(try reader.allLines().count == 100_000)
            #expect(reader.fileSize == packed.count)
        }
    }

    @Test("xz reads the copy of a pipe twice", .enabled(if: Packing.hasXZ, "xz is not installed"))
    func xz() throws {
        let copies = PipeCopies()
        let packed = try Packing.xz.pack(Self.content)
        for _ in 0..<2 {
            let input = try XZInput(try copies.file(named: "-") { pipe(packed) })
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            var content: [UInt8] = []
            while case let count = try piece.withUnsafeMutableBufferPointer({ try input.read(into: $0) }), count > 0 {
                content += piece[..<count]
            }
            #expect(content == Self.content)
        }
    }
}
