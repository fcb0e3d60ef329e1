package import MarketData

/// Reads the numbers of a table: `0.0123`, `1.2e-05`, `+1`, `.5`, and with a decimal comma where the file uses it.
///
/// Thousands separators are an error, because `1,234` is ambiguous.
package struct NumberText: Sendable {
    /// Whether cells may have a decimal comma; only in a table with another delimiter than a comma.
    package var mayHaveComma: Bool
    /// Whether commas may also be thousands separators, until a number shows that they are decimal.
    private let mayHaveThousands: Bool
    /// The decimal mark of the file, nil before the first one. A file with both marks has thousands separators.
    private var mark: UInt8?

    /// A reader of the numbers of one file.
    package init(mayHaveComma: Bool = false, mayHaveThousands: Bool = false) {
        self.mayHaveComma = mayHaveComma
        self.mayHaveThousands = mayHaveThousands
    }

    /// The form of a valid number, for messages.
    package static let rule = "a decimal number such as 0.0123 or 1.2e-05, without thousands separators"

    /// Whether a cell has no value: blank, `NaN`, `NA`, `N/A`, `null`, `none` or `-`.
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

    /// Detects the decimal mark of a file: a cell such as `0,5` shows that commas are decimal.
    package mutating func detectDecimalMark(from rows: [[String]]) {
        for cell in rows.joined() where mark == nil && cell.contains(",") {
            let bytes = Array(cell.utf8)
            _ = try? decimal(bytes.span.bytes, 0..<bytes.count)
        }
    }

    /// The decimal of a cell, with all its digits where it is written without an exponent.
    /// - Throws: `DecimalError.malformed` for other text, `.overflow` for a number with more digits than fit.
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

    /// The `Double` nearest to the number of a cell; nil when it is not a finite number.
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

    /// The greatest absolute value of an exponent.
    private static let greatestExponent = 400

    /// A number in the form that ``FixedDecimal`` reads: digits with at most a point, without an exponent.
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

    /// The exponent after an `e`, 0 without one.
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
