extension OutputSpan<UInt8> {
    /// Appends bytes at once; there must be room for all of them.
    @inline(__always)
    mutating func append(contentsOf bytes: [UInt8]) {
        precondition(bytes.count <= freeCapacity)
        // One copy of the whole, where the span itself takes an element at a time.
        withUnsafeMutableBufferPointer { buffer, count in
            bytes.withUnsafeBufferPointer { source in
                _ = buffer[count...].update(fromContentsOf: source)
            }
            count += bytes.count
        }
    }
}
