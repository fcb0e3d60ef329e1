import Testing

/// The encodings and line ends of a text file.
struct TextForm: Hashable, CustomTestStringConvertible {
    /// The encoding of the characters.
    enum Encoding: CaseIterable {
        case utf8, utf8WithMark, utf16LittleEndian, utf16BigEndian, utf16LittleEndianWithMark, utf16BigEndianWithMark
    }

    var encoding: Encoding
    var lineEnd: String

    static let all = Encoding.allCases.flatMap { encoding in
        ["\n", "\r\n", "\r"].map { TextForm(encoding: encoding, lineEnd: $0) }
    }

    var testDescription: String { "\(encoding), \(lineEnd.debugDescription)" }

    func bytes(of lines: [String]) -> [UInt8] {
        let text = lines.map { $0 + lineEnd }.joined()
        let units = Array(text.utf16)
        return switch encoding {
        case .utf8: Array(text.utf8)
        case .utf8WithMark: [0xEF, 0xBB, 0xBF] + text.utf8
        case .utf16LittleEndian: Self.littleEndian(units)
        case .utf16BigEndian: Self.bigEndian(units)
        case .utf16LittleEndianWithMark: Self.littleEndian([0xFEFF] + units)
        case .utf16BigEndianWithMark: Self.bigEndian([0xFEFF] + units)
        }
    }

    static func littleEndian(_ units: [UInt16]) -> [UInt8] {
        units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    static func bigEndian(_ units: [UInt16]) -> [UInt8] {
        littleEndian(units.map(\.byteSwapped))
    }
}
