import CZlib

/// Inflates a gzip stream piece by piece (RFC 1952), several members in a row included.
final class GzipInflater {
    enum Failure: Error {
        case damaged(String)
    }

    /// zlib keeps a pointer back to this struct, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether the input so far ends with a whole member.
    private(set) var isComplete = false

    init() throws(Failure) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let gzipOnly: Int32 = 15 + 16
        guard inflateInit2_(stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .damaged("zlib does not start")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Appends what `input` inflates to.
    func inflate(_ input: inout [UInt8], count: Int, into output: inout [UInt8]) throws(Failure) {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let failure = input.withUnsafeMutableBufferPointer { input -> Failure? in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(count)
            repeat {
                if isComplete {
                    guard stream.pointee.avail_in > 0 else { return nil }
                    inflateReset(stream)
                    isComplete = false
                }
                let (status, produced) = piece.withUnsafeMutableBufferPointer { piece in
                    stream.pointee.next_out = piece.baseAddress
                    stream.pointee.avail_out = UInt32(piece.count)
                    let status = CZlib.inflate(stream, Z_NO_FLUSH)
                    return (status, piece.count - Int(stream.pointee.avail_out))
                }
                output += piece[..<produced]
                switch status {
                case Z_STREAM_END: isComplete = true
                case Z_OK: break
                case Z_BUF_ERROR: return nil
                default: return .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
                }
            } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
            return nil
        }
        if let failure { throw failure }
    }
}
