import CZlib

/// Inflates DEFLATE data (RFC 1951) piece by piece.
final class Inflater {
    /// The format around the data.
    enum Format: Int32 {
        case bare = -15
        /// With the header and the checksums of gzip (RFC 1952), which are verified.
        case gzip = 31
    }

    /// zlib stores a pointer to this struct, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let name: String
    /// Whether the end of the data has been reached.
    private(set) var isComplete = false

    /// - Parameters:
    ///   - format: the format around the data.
    ///   - name: the name of the data in errors, such as `gzip data`.
    init(_ format: Format, name: String) throws(UnreadableFile) {
        self.name = name
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, format.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw UnreadableFile("zlib cannot start; there may be too little memory")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Begins with the data of another member.
    func reset() {
        inflateReset(stream)
        isComplete = false
    }

    /// Reads the next bytes into the start of `output`.
    /// - Returns: the number of bytes; 0 only when the data is complete.
    func read(from input: StoredBytes, into output: UnsafeMutableBufferPointer<UInt8>) throws(UnreadableFile) -> Int {
        while !isComplete {
            // zlib may have pending output after the last byte of input, so it must also run on an empty input.
            let (status, used, produced) = run(input, into: output)
            switch status {
            case Z_STREAM_END: isComplete = true
            case Z_OK, Z_BUF_ERROR: break
            default:
                let problem = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
                throw UnreadableFile("the \(name) is damaged (\(problem)); fetch the file again")
            }
            if produced > 0 { return produced }
            if !isComplete, used == 0, try !input.fill() {
                throw UnreadableFile("the \(name) ends early; fetch the file again")
            }
        }
        return 0
    }

    private func run(
        _ input: StoredBytes,
        into output: UnsafeMutableBufferPointer<UInt8>
    ) -> (status: Int32, used: Int, produced: Int) {
        let space = UInt32(clamping: output.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = space
        var status = Z_OK
        var used = 0
        input.use { bytes in
            let count = UInt32(clamping: bytes.count)
            stream.pointee.next_in = bytes.baseAddress
            stream.pointee.avail_in = count
            status = inflate(stream, Z_NO_FLUSH)
            used = Int(count - stream.pointee.avail_in)
            return used
        }
        return (status, used, Int(space - stream.pointee.avail_out))
    }
}
