/// Appends fields of a protocol buffer message to bytes (protobuf.dev/programming-guides/encoding).
enum ProtobufWriter {
    /// A field of wire type 0: integers of every kind.
    static func append(_ field: UInt8, varint value: UInt64, to bytes: inout [UInt8]) {
        bytes.append(field << 3)
        appendVarint(value, to: &bytes)
    }

    /// A signed integer in ZigZag form, in which small negative numbers are short.
    static func append(_ field: UInt8, zigzag value: Int64, to bytes: inout [UInt8]) {
        append(field, varint: UInt64(bitPattern: value << 1 ^ value >> 63), to: &bytes)
    }

    /// A field of wire type 1.
    static func append(_ field: UInt8, double value: Double, to bytes: inout [UInt8]) {
        let pattern = value.bitPattern
        bytes.append(addingCapacity: 9) { output in
            output.append(field << 3 | 1)
            for shift in 0..<8 { output.append(UInt8(truncatingIfNeeded: pattern >> (8 * UInt64(shift)))) }
        }
    }

    /// A field of wire type 2: a text.
    static func append(_ field: UInt8, _ text: String.UTF8View, to bytes: inout [UInt8]) {
        append(field, size: text.count, to: &bytes)
        bytes += text
    }

    /// The beginning of a field of wire type 2, whose contents of this size follow.
    static func append(_ field: UInt8, size: Int, to bytes: inout [UInt8]) {
        bytes.append(field << 3 | 2)
        appendVarint(UInt64(size), to: &bytes)
    }

    /// The size of a field of wire type 2 with contents of a size; the number of the field is below 16.
    static func fieldSize(size: Int) -> Int {
        let bits = UInt64.bitWidth - UInt64(size | 1).leadingZeroBitCount
        return 1 + (bits + 6) / 7 + size
    }

    /// A field of wire type 2 whose contents a closure writes; its length is inserted before them afterwards.
    static func append(_ field: UInt8, to bytes: inout [UInt8], _ write: (inout [UInt8]) -> Void) {
        bytes.append(field << 3 | 2)
        let start = bytes.count
        write(&bytes)
        var length: [UInt8] = []
        appendVarint(UInt64(bytes.count - start), to: &length)
        bytes.insert(contentsOf: length, at: start)
    }

    /// Seven bits per byte, the lowest first.
    static func appendVarint(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
