/// Where a value stands in a message: its type and its bytes, a string's without the quotes.
struct JSONValue {
    enum Kind: UInt8 {
        case missing, string, escapedString, number, bool, null, object, array
    }

    var kind = Kind.missing
    var start = 0
    var end = 0

    var isPresent: Bool { kind != .missing }
}
