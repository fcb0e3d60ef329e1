/// A text of at most eight bytes as one integer for comparisons; made from a literal, it is a constant.
struct ShortText {
    let word: UInt64
    let count: Int

    @inline(__always)
    init(_ text: StaticString) {
        count = text.utf8CodeUnitCount
        word =
            Self.byte(0, of: text) | Self.byte(1, of: text) | Self.byte(2, of: text) | Self.byte(3, of: text)
            | Self.byte(4, of: text) | Self.byte(5, of: text) | Self.byte(6, of: text) | Self.byte(7, of: text)
    }

    @inline(__always)
    var mask: UInt64 { .max &>> UInt64(64 &- 8 &* count) }

    @inline(__always)
    private static func byte(_ offset: Int, of text: StaticString) -> UInt64 {
        offset < text.utf8CodeUnitCount ? UInt64(text.utf8Start[offset]) &<< UInt64(8 &* offset) : 0
    }
}
