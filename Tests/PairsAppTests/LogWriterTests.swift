import Foundation
import PairsApp
import Testing

@Suite struct LogWriterTests {
    @Test("Without a reader of the pipe, the oldest lines are dropped, counted, and stated where they are missing")
    func overflow() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        // The pipe has no room for a single line.
        let flags = fcntl(ends[1], F_GETFL)
        _ = fcntl(ends[1], F_SETFL, flags | O_NONBLOCK)
        let filling = [UInt8](repeating: UInt8(ascii: "x"), count: 4096)
        var filled = 0
        while case let count = write(ends[1], filling, filling.count), count > 0 { filled += count }

        let writer = LogWriter(descriptor: ends[1])
        let excess = 10
        for number in 0..<(LogWriter.maximumLines + excess) { writer.write("line \(number)\n") }
        // The thread may hold one line that waits for room.
        let dropped = writer.dropped
        #expect((excess - 1...excess).contains(dropped))

        let last = "line \(LogWriter.maximumLines + excess - 1)\n"
        var text = ""
        var piece = [UInt8](repeating: 0, count: 4096)
        while !text.hasSuffix(last) {
            let count = read(ends[0], &piece, piece.count)
            try #require(count > 0)
            text += String(decoding: piece.prefix(count), as: UTF8.self)
        }
        let lines = text.dropFirst(filled).split(separator: "\n")
        let statement = try #require(lines.firstIndex { $0.contains("lines=\(dropped)") })
        #expect(lines[statement].contains("level=warn"))
        #expect(lines[statement + 1] == "line \(statement + dropped)")
        #expect(lines.count == LogWriter.maximumLines + excess - dropped + 1)
        #expect(writer.dropped == dropped)
    }

    @Test("Lines that fail to be written are counted")
    func failure() throws {
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        let writer = LogWriter(descriptor: descriptor)
        for _ in 0..<3 { writer.write("lost\n") }
        writer.flush(within: .seconds(60))
        #expect(writer.dropped == 3)
    }
}
