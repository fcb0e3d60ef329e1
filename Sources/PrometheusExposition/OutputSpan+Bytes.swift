extension OutputSpan<UInt8> {
    /// Appends bytes at once; there must be room for all of them.
    @inline(__always)
    mutating func append(contentsOf bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { append(contentsOf: $0) }
    }

    /// Appends bytes at once; there must be room for all of them.
    @inline(__always)
    mutating func append(contentsOf bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= freeCapacity)
        // One copy of all bytes, where the span itself appends an element at a time.
        withUnsafeMutableBufferPointer { buffer, count in
            guard let start = buffer.baseAddress, let source = bytes.baseAddress else { return }
            UnsafeMutableRawPointer(start + count).copyMemory(from: source, byteCount: bytes.count)
            count += bytes.count
        }
    }
}
