/// Transcodes UTF-16 text to UTF-8, piece by piece. A surrogate without its other half and a single byte at the end
/// become U+FFFD, the replacement character.
final class UTF16Input {
    private let input: FileInput
    private let isBigEndian: Bool
    private var bytes: [UInt8]
    /// The number of bytes that are not transcoded yet.
    private var count: Int
    private var text: [UInt8] = []
    private var used = 0

    /// - Parameters:
    ///   - start: the bytes read before, without the byte order mark.
    ///   - input: the bytes that follow.
    ///   - isBigEndian: whether the first byte of a unit is the more significant one.
    init(_ start: ArraySlice<UInt8>, then input: FileInput, isBigEndian: Bool) {
        self.input = input
        self.isBigEndian = isBigEndian
        bytes = start + [UInt8](repeating: 0, count: ReadSize.unpacked)
        count = start.count
    }

    /// Reads into the start of a non-empty buffer.
    /// - Returns: the number of bytes; 0 only at the end.
    /// - Throws: ``ReplayError/unreadable(path:reason:)``.
    func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(ReplayError) -> Int {
        while used == text.count {
            let added = try bytes.withUnsafeMutableBufferPointer { bytes throws(ReplayError) in
                try input.read(into: UnsafeMutableBufferPointer(rebasing: bytes[count...]))
            }
            count += added
            if count == 0 { return 0 }
            transcode(isEnd: added == 0)
        }
        let piece = text[used...].prefix(buffer.count)
        _ = buffer.update(fromContentsOf: piece)
        used += piece.count
        return piece.count
    }

    /// Transcodes the pending bytes, except an incomplete character at their end unless it is the end of the file.
    private func transcode(isEnd: Bool) {
        var units = bytes.withUnsafeBytes { bytes in
            (0..<count / 2).map { index in
                let unit = bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                return isBigEndian ? UInt16(bigEndian: unit) : UInt16(littleEndian: unit)
            }
        }
        var rest = count % 2
        if isEnd {
            if rest == 1 { units.append(0xFFFD) }
            rest = 0
        } else if let last = units.last, UTF16.isLeadSurrogate(last) {
            units.removeLast()
            rest += 2
        }
        text.removeAll(keepingCapacity: true)
        used = 0
        var next = 0
        while next < units.count {
            // ASCII, the usual content of tables, is copied, because decoding is ten times as slow.
            let isASCII = units[next] < 0x80
            let end = units[next...].firstIndex { ($0 < 0x80) != isASCII } ?? units.count
            if isASCII {
                text += units[next..<end].lazy.map { UInt8(truncatingIfNeeded: $0) }
            } else {
                text += String(decoding: units[next..<end], as: UTF16.self).utf8
            }
            next = end
        }
        for index in 0..<rest { bytes[index] = bytes[count - rest + index] }
        count = rest
    }
}
