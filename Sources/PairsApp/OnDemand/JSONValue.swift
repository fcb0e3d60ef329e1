/// A JSON document with its keys in the order of insertion; numbers keep every digit.
package enum JSONValue: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// No value.
    case null
    /// A number with decimals.
    case number(Double)
    /// A whole number.
    case integer(Int)
    /// True or false.
    case boolean(Bool)
    /// A text.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Values by key, in order.
    case object([(key: String, value: JSONValue)])

    /// A text.
    package init(stringLiteral value: String) {
        self = .string(value)
    }

    /// A whole number.
    package init(integerLiteral value: Int) {
        self = .integer(value)
    }

    /// A number, or null where there is none; JSON has no NaN and no infinities.
    package init(_ value: Double?) {
        self = value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
    }

    /// A whole number, or null where there is none.
    package init(_ value: Int?) {
        self = value.map { .integer($0) } ?? .null
    }

    /// The document as text, indented by two spaces.
    package var text: String {
        var text = ""
        write(to: &text, indentation: "")
        return text
    }

    /// The document on one line.
    package var line: String {
        switch self {
        case .array(let items): "[" + items.map(\.line).joined(separator: ",") + "]"
        case .object(let entries):
            "{" + entries.map { JSONValue.string($0.key).text + ":" + $0.value.line }.joined(separator: ",") + "}"
        default: text
        }
    }

    private func write(to text: inout String, indentation: String) {
        let deeper = indentation + "  "
        switch self {
        case .null: text += "null"
        case .number(let number): text += number.isFinite ? "\(number)" : "null"
        case .integer(let number): text += "\(number)"
        case .boolean(let value): text += "\(value)"
        case .string(let string): Self.writeQuoted(string, to: &text)
        case .array(let items):
            text += items.isEmpty ? "[" : "[\n"
            for (index, item) in items.enumerated() {
                text += deeper
                item.write(to: &text, indentation: deeper)
                text += index + 1 < items.count ? ",\n" : "\n" + indentation
            }
            text += "]"
        case .object(let entries):
            text += entries.isEmpty ? "{" : "{\n"
            for (index, entry) in entries.enumerated() {
                text += deeper
                Self.writeQuoted(entry.key, to: &text)
                text += ": "
                entry.value.write(to: &text, indentation: deeper)
                text += index + 1 < entries.count ? ",\n" : "\n" + indentation
            }
            text += "}"
        }
    }

    private static func writeQuoted(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case ..<" ":
                let code = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
