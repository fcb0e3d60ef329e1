import CZlib

/// Unpacks the one file of a ZIP archive piece by piece, in constant memory (PKWARE APPNOTE 6.3.10): stored or deflated,
/// of any size, with its CRC checked. What follows the file, the central directory, is passed over.
final class ZipInflater {
    enum Failure: Error {
        case damaged(String)
    }

    private enum Stage {
        case header, data, trailer, end
    }

    private static let headerSize = 30
    private static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

    /// zlib keeps a pointer back to this struct, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var stage = Stage.header
    private var pending: [UInt8] = []
    private var isDeflated = true
    private var hasDescriptor = false
    /// Bytes of a stored file still to come.
    private var storedCount = 0
    private var expectedChecksum: UInt = 0
    private var checksum: UInt = 0

    /// Whether the whole file has been unpacked.
    var isComplete: Bool { stage == .end }

    /// Whether a file that begins with these bytes is a ZIP archive.
    static func isArchive(_ start: ArraySlice<UInt8>) -> Bool {
        start.starts(with: signature)
    }

    init() throws(Failure) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let noHeader: Int32 = -15
        guard inflateInit2_(stream, noHeader, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .damaged("zlib does not start")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Appends what `input` unpacks to.
    func inflate(_ input: [UInt8], count: Int, into output: inout [UInt8]) throws(Failure) {
        guard stage != .end else { return }
        pending += input[..<count]
        if stage == .header { try readHeader() }
        if stage == .data {
            let before = output.count
            if isDeflated { try inflatePending(into: &output) } else { takeStored(into: &output) }
            checksum = output[before...].withUnsafeBufferPointer { bytes in
                UInt(crc32(uLong(checksum), bytes.baseAddress, uInt(bytes.count)))
            }
        }
        if stage == .trailer { try readTrailer() }
    }

    private func readHeader() throws(Failure) {
        guard pending.count >= Self.headerSize else { return }
        let flags = number(at: 6, bytes: 2)
        let method = number(at: 8, bytes: 2)
        guard flags & 1 == 0 else { throw .damaged("it is encrypted") }
        guard method == 8 || method == 0 else { throw .damaged("its compression, method \(method), is not known") }
        let length = Self.headerSize + Int(number(at: 26, bytes: 2) + number(at: 28, bytes: 2))
        guard pending.count >= length else { return }
        isDeflated = method == 8
        hasDescriptor = flags & 8 != 0
        expectedChecksum = number(at: 14, bytes: 4)
        let size = number(at: 18, bytes: 4)
        if !isDeflated, hasDescriptor || size == 0xFFFF_FFFF {
            throw .damaged("it holds a stored file whose size is not told before it")
        }
        storedCount = Int(size)
        pending.removeFirst(length)
        stage = .data
    }

    private func takeStored(into output: inout [UInt8]) {
        let count = min(storedCount, pending.count)
        output += pending[..<count]
        pending.removeFirst(count)
        storedCount -= count
        if storedCount == 0 { stage = .trailer }
    }

    private func inflatePending(into output: inout [UInt8]) throws(Failure) {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var used = 0
        let failure = pending.withUnsafeMutableBufferPointer { input -> Failure? in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = uInt(input.count)
            defer { used = input.count - Int(stream.pointee.avail_in) }
            repeat {
                let (status, produced) = piece.withUnsafeMutableBufferPointer { piece in
                    stream.pointee.next_out = piece.baseAddress
                    stream.pointee.avail_out = uInt(piece.count)
                    let status = CZlib.inflate(stream, Z_NO_FLUSH)
                    return (status, piece.count - Int(stream.pointee.avail_out))
                }
                output += piece[..<produced]
                switch status {
                case Z_STREAM_END:
                    stage = .trailer
                    return nil
                case Z_OK: break
                case Z_BUF_ERROR: return nil
                default: return .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
                }
            } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
            return nil
        }
        pending.removeFirst(used)
        if let failure { throw failure }
    }

    /// Checks the file's CRC and that no other file follows; what is known of the descriptor's length is its signature
    /// and that of what follows it.
    private func readTrailer() throws(Failure) {
        var next = 0
        if hasDescriptor {
            let hasSignature = pending.starts(with: [0x50, 0x4B, 0x07, 0x08])
            guard pending.count >= (hasSignature ? 28 : 24) else { return }
            expectedChecksum = number(at: hasSignature ? 4 : 0, bytes: 4)
            let start = hasSignature ? 8 : 4
            next = pending[(start + 8)...].starts(with: [0x50, 0x4B]) ? start + 8 : start + 16
        }
        guard pending.count >= next + 4 else { return }
        if pending[next...].starts(with: Self.signature) { throw .damaged("it holds more than one file; unpack it") }
        guard expectedChecksum == checksum else { throw .damaged("its checksum is wrong") }
        pending = []
        stage = .end
    }

    private func number(at offset: Int, bytes: Int) -> UInt {
        pending[offset..<(offset + bytes)].reversed().reduce(0) { $0 << 8 | UInt($1) }
    }
}
