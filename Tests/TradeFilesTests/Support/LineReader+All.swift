import TestSupport

@testable import TradeFiles

extension LineReader {
    /// The lines of a file with these bytes; cut ones end in `…`.
    static func lines(of bytes: some Sequence<UInt8>) async throws -> [String] {
        try await TemporaryFolder.withFile(bytes) { try LineReader(path: $0).allLines() }
    }

    func allLines() throws -> [String] {
        var lines: [String] = []
        while let line = try withNextLine({ bytes, isComplete in
            let text = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            return (number: lineNumber, text: text + (isComplete ? "" : "…"))
        }) {
            lines.append(line.text)
            guard line.number == lines.count, lineNumber == lines.count else { throw WrongNumber(number: line.number) }
        }
        return lines
    }

    /// A line whose number is not its position in the file.
    struct WrongNumber: Error {
        var number: Int
    }
}
