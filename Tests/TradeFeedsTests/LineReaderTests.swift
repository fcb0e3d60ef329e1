import Testing

@testable import TradeFeeds

@Suite struct LineReaderTests {
    private func lines(of bytes: [UInt8]) async throws -> [String] {
        try await Fixtures.withFile(bytes) { path in
            let reader = try LineReader(path: path)
            var lines: [String] = []
            while let line = try reader.withNextLine({ bytes, isWhole in
                (0..<bytes.byteCount).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
                    + (isWhole ? [] : [0x21])
            }) {
                lines.append(String(decoding: line, as: UTF8.self))
                #expect(reader.lineNumber == lines.count)
            }
            return lines
        }
    }

    @Test(
        "lines end with a line feed, a carriage return and a line feed, or the file",
        arguments: [
            ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("\n\na\n\n", ["", "", "a", ""]),
            ("a\r\nb\r\n", ["a", "b"]),
            ("a\rb\n", ["a\rb"]), ("\u{FEFF}a\n", ["a"]), ("é\n币\n", ["é", "币"]),
        ] as [(String, [String])]
    )
    func lines(text: String, expected: [String]) async throws {
        #expect(try await lines(of: Array(text.utf8)) == expected)
    }

    @Test("lines across the reads of a large file are whole")
    func largeFile() async throws {
        let expected = (0..<40_000).map { "line \($0) " + String(repeating: "x", count: $0 % 97) }
        #expect(try await lines(of: Array(expected.joined(separator: "\n").utf8)) == expected)
    }

    @Test("a line longer than the limit is cut, marked and passed over")
    func longLine() async throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
        let lines = try await lines(of: Array("a\n".utf8) + long + Array("\nb\n".utf8))
        #expect(lines.count == 3)
        #expect(lines[0] == "a" && lines[2] == "b")
        #expect(lines[1].hasSuffix("!") && lines[1].utf8.count < 2 << 20)
        let last = try await self.lines(of: long)
        #expect(last.count == 1)
    }

    @Test("gzip is told by its content, several members in a row included")
    func gzip() async throws {
        #expect(try await lines(of: Gzip.twoLines) == ["first line", "second"])
        let twice = try await lines(of: Gzip.twoLines + Gzip.twoLines)
        #expect(twice == ["first line", "second", "first line", "second"])
    }

    @Test("gzip that ends early or is damaged is an error that names the file")
    func damagedGzip() async throws {
        var damaged = Gzip.twoLines
        damaged[14] ^= 0xFF
        var wrongSum = Gzip.twoLines
        wrongSum[wrongSum.count - 6] ^= 0xFF
        for bytes in [Array(Gzip.twoLines.dropLast(5)), damaged, wrongSum] {
            await #expect(throws: ReplayError.self) { try await lines(of: bytes) }
        }
    }

    @Test(
        "a file that is missing or cannot be read is an error that names it",
        arguments: ["/nonexistent/file.csv", "/"]
    )
    func unreadable(path: String) {
        #expect {
            let reader = try LineReader(path: path)
            _ = try reader.withNextLine { _, _ in }
        } throws: { error in
            "\(error)".contains(path)
        }
    }
}
