package import MarketData

/// Numbers as tables write them: `0.0123`, `1.2e-05`, `+1`, `.5`, and with a decimal comma where the file has those.
///
/// Thousands separators are refused: `1,234` may be both numbers.
package struct NumberText: Sendable {
    /// Whether cells may have a decimal comma: only in a table whose cells a comma does not separate.
    package var mayHaveComma: Bool
    /// Whether commas may also be thousands separators, until a number has shown that they are not.
    private let mayHaveThousands: Bool
    /// The mark of the decimals that the file uses, once one was seen. A file that has both has thousands separators.
    private var mark: UInt8?

    /// A reader of the numbers of one file.
    package init(mayHaveComma: Bool = false, mayHaveThousands: Bool = false) {
        self.mayHaveComma = mayHaveComma
        self.mayHaveThousands = mayHaveThousands
    }

    /// What a number must be, for messages.
    package static let rule = "a decimal number such as 0.0123 or 1.2e-05, without thousands separators"

    /// Whether a cell holds no value: blank, `NaN`, `NA`, `N/A`, `null`, `none` or `-`.
    package static func isMissing(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        if range.count <= 1 {
            return range.isEmpty
                || bytes.unsafeLoad(fromByteOffset: range.lowerBound, as: UInt8.self) == UInt8(ascii: "-")
        }
        guard range.count <= 4 else { return false }
        let text = range.reduce(UInt32(0)) { word, index in
            word << 8 | UInt32(bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) | 0x20)
        }
        return missing.contains(text)
    }

    private static let missing: Set<UInt32> = Set(
        ["nan", "na", "n/a", "#n/a", "null", "none"].map { name in
            name.utf8.reduce(UInt32(0)) { $0 << 8 | UInt32($1 | 0x20) }
        }
    )

    /// Finds what mark the decimals of a file have: a cell such as `0,5` shows that commas are decimal.
    package mutating func learn(from rows: [[String]]) {
        for cell in rows.joined() where mark == nil && cell.contains(",") {
            let bytes = Array(cell.utf8)
            _ = try? decimal(bytes.span.bytes, 0..<bytes.count)
        }
    }

    /// The decimal of a cell, to the letter where the letter is plain.
    /// - Throws: `DecimalError.malformed` for what is no number, `.overflow` for one with more digits than fit.
    package mutating func decimal(_ bytes: RawSpan, _ range: Range<Int>) throws(DecimalError) -> FixedDecimal {
        do {
            let decimal = try FixedDecimal(ascii: bytes.extracting(range))
            if decimal.scale > 0 { try accept(UInt8(ascii: ".")) }
            return decimal
        } catch {
            guard error == .malformed else { throw error }
        }
        let plain = try plainText(bytes, range)
        return try FixedDecimal(ascii: plain.span.bytes)
    }

    /// The double nearest to a cell; nil when it is no finite number.
    package mutating func double(_ bytes: RawSpan, _ range: Range<Int>) -> Double? {
        do {
            return try decimal(bytes, range).doubleValue
        } catch {
            guard error == .overflow else { return nil }
        }
        let text = String(
            decoding: range.map { index in
                let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
                return byte == UInt8(ascii: ",") ? UInt8(ascii: ".") : byte
            },
            as: UTF8.self
        )
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    private mutating func accept(_ mark: UInt8) throws(DecimalError) {
        if self.mark == nil { self.mark = mark }
        guard self.mark == mark else { throw .malformed }
    }

    /// Digits that an exponent may move the point by.
    private static let greatestExponent = 400

    /// The digits of a number with at most a point between them, as ``FixedDecimal`` reads them.
    private mutating func plainText(_ bytes: RawSpan, _ range: Range<Int>) throws(DecimalError) -> [UInt8] {
        var digits: [UInt8] = []
        var point: Int?
        var index = range.lowerBound
        var isNegative = false
        var hasComma = false
        func byte(_ index: Int) -> UInt8 { bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) }
        if index < range.upperBound, byte(index) == UInt8(ascii: "+") || byte(index) == UInt8(ascii: "-") {
            isNegative = byte(index) == UInt8(ascii: "-")
            index += 1
        }
        scan: while index < range.upperBound {
            switch byte(index) {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte(index))
            case UInt8(ascii: ".") where point == nil: point = digits.count
            case UInt8(ascii: ",") where point == nil && mayHaveComma:
                hasComma = true
                point = digits.count
            default: break scan
            }
            index += 1
        }
        guard !digits.isEmpty else { throw .malformed }
        let exponent = try exponent(bytes, index..<range.upperBound)
        if let point {
            let isGroup = (1...3).contains(point) && digits.count - point == 3 && digits[0] != UInt8(ascii: "0")
            if hasComma, mayHaveThousands, mark == nil, isGroup { throw .malformed }
            try accept(hasComma ? UInt8(ascii: ",") : UInt8(ascii: "."))
        }
        let position = (point ?? digits.count) + exponent
        if position <= 0 { digits.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: 1 - position), at: 0) }
        if position > digits.count {
            digits.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: position - digits.count))
        }
        let whole = digits[..<max(1, position)].drop { $0 == UInt8(ascii: "0") }
        let decimals = digits[max(1, position)...]
        var text: [UInt8] = whole.isEmpty ? [UInt8(ascii: "0")] : Array(whole)
        if !decimals.isEmpty { text += [UInt8(ascii: ".")] + decimals }
        let isZero = text.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
        return isNegative && !isZero ? [UInt8(ascii: "-")] + text : text
    }

    /// The exponent behind an `e`, 0 without one.
    private func exponent(_ bytes: RawSpan, _ range: Range<Int>) throws(DecimalError) -> Int {
        guard !range.isEmpty else { return 0 }
        guard bytes.unsafeLoad(fromByteOffset: range.lowerBound, as: UInt8.self) | 0x20 == UInt8(ascii: "e"),
            range.count > 1
        else { throw .malformed }
        let text = String(
            decoding: range.dropFirst().map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) },
            as: UTF8.self
        )
        guard let exponent = Int(text) else { throw .malformed }
        guard exponent.magnitude <= Self.greatestExponent else { throw .overflow }
        return exponent
    }
}
