import Testing

@testable import TradeFiles

@Suite struct LineReaderTests {
    @Test(
        "lines end with a line feed, a carriage return, both, or the file",
        arguments: [
            ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("\n\na\n\n", ["", "", "a", ""]),
            ("a\r\nb\r\n", ["a", "b"]), ("a\r\n\r\nb", ["a", "", "b"]),
            ("a\rb\r", ["a", "b"]), ("\r\ra", ["", "", "a"]), ("a\rb\n", ["a\rb"]),
            ("\u{FEFF}a\n", ["a"]), ("\u{FEFF}", []), ("é\n币\n", ["é", "币"]),
        ] as [(String, [String])]
    )
    func lines(text: String, expected: [String]) async throws {
        #expect(try await LineReader.lines(of: text.utf8) == expected)
    }

    @Test("lines across the reads of a large file are complete", arguments: ["\n", "\r\n", "\r"])
    func largeFile(lineEnd: String) async throws {
        let expected = (0..<40_000).map { "line \($0) " + String(repeating: "x", count: $0 % 97) }
        #expect(try await LineReader.lines(of: expected.joined(separator: lineEnd).utf8) == expected)
    }

    @Test(
        "a line longer than the limit is cut and marked, and the next lines keep their numbers",
        arguments: [1, 1 << 16, 3 << 20]
    )
    func longLine(excess: Int) async throws {
        let limit = String(repeating: "x", count: LineReader.longestLine)
        let long = limit + String(repeating: "y", count: excess)
        let expected = ["a", limit, limit + "…", "b", limit + "…", ""]
        #expect(try await LineReader.lines(of: "a\n\(limit)\n\(long)\nb\n\(long)\n\n".utf8) == expected)
        #expect(try await LineReader.lines(of: long.utf8) == [limit + "…"])
    }

    @Test("every encoding and line end has the same lines", arguments: TextForm.all)
    func forms(form: TextForm) async throws {
        let expected = ["time,price,note"] + (0..<9_000).map { "\($0),1.5,\($0 % 7 == 6 ? "é币🚀" : "")" }
        #expect(try await LineReader.lines(of: form.bytes(of: expected)) == expected)
    }

    @Test("a pair of surrogates is complete wherever the pieces of a read end", arguments: 0..<4)
    func surrogatesAcrossPieces(offset: Int) async throws {
        let text = String(repeating: "a", count: offset) + String(repeating: "🚀", count: 40_000)
        let bytes = TextForm.littleEndian([0xFEFF] + Array(text.utf16))
        #expect(try await LineReader.lines(of: bytes) == [text])
    }

    @Test(
        "a surrogate without its other half and half a unit at the end become the replacement character",
        arguments: [
            ([0x61, 0xD83D, 0x62], "a\u{FFFD}b"), ([0x61, 0xDE80, 0x62], "a\u{FFFD}b"), ([0x61, 0xD83D], "a\u{FFFD}"),
            ([0xDE80, 0xD83D], "\u{FFFD}\u{FFFD}"),
        ] as [([UInt16], String)]
    )
    func loneSurrogates(units: [UInt16], expected: String) async throws {
        #expect(try await LineReader.lines(of: TextForm.littleEndian([0xFEFF] + units)) == [expected])
        #expect(try await LineReader.lines(of: TextForm.bigEndian([0xFEFF] + units)) == [expected])
        #expect(try await LineReader.lines(of: TextForm.bigEndian([0xFEFF] + units) + [0]) == [expected + "\u{FFFD}"])
    }

    @Test(
        "content that is not text is refused with its format and a correction",
        arguments: [
            (Array("<!DOCTYPE html><html>".utf8), "web page or XML"),
            (Array("\n <?xml version".utf8), "web page or XML"),
            ([0x28, 0xB5, 0x2F, 0xFD, 0], "zstd -d"), (Array("BZh91AY&SY".utf8), "bzip2 -d"),
            (Array("PAR1\u{0}".utf8), "Parquet"), ([0xD0, 0xCF, 0x11, 0xE0], "Excel"),
            (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "git lfs pull"),
            (Packing.gzip(Packing.gzip([1])), "compressed twice"), ([0x41, 0, 0x42, 0x43, 0x44], "not text"),
            ([0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0], "UTF-32"),
            (Array("a.csv".utf8) + [UInt8](repeating: 0, count: 252) + Array("ustar\u{0}".utf8), "tar archive"),
        ] as [([UInt8], String)]
    )
    func foreignContent(bytes: [UInt8], excerpt: String) async throws {
        let error = try await #require(throws: ReplayError.self) { try await LineReader.lines(of: bytes) }
        #expect("\(error)".contains(excerpt))
    }
}
