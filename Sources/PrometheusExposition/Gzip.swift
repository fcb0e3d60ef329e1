import CZlib

/// Compression in the gzip format (RFC 1952).
package enum Gzip {
    /// zlib could not compress, which only happens when memory is short.
    package struct Failure: Error, CustomStringConvertible {
        /// zlib's return code.
        package let code: Int32

        /// The return code in a sentence.
        package var description: String { "gzip compression failed with zlib code \(code)" }
    }

    /// Compresses bytes into one gzip member.
    ///
    /// - Parameter level: From 1, fastest, to 9, smallest; repetitive text such as metrics gains little above 1.
    package static func compress(_ bytes: [UInt8], level: Int32 = 1) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        // 15 bits of window, and 16 for the gzip wrapper.
        let status = deflateInit2_(
            &stream,
            min(max(level, 1), 9),
            Z_DEFLATED,
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard status == Z_OK else { throw Failure(code: status) }
        defer { deflateEnd(&stream) }

        // With an output of this size one call compresses everything.
        let bound = deflateBound(&stream, UInt(bytes.count))
        guard let inputSize = UInt32(exactly: bytes.count), let outputSize = UInt32(exactly: bound) else {
            throw Failure(code: Z_BUF_ERROR)
        }
        var result = Z_OK
        let compressed = [UInt8](unsafeUninitializedCapacity: Int(outputSize)) { output, count in
            bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = inputSize
                stream.next_out = output.baseAddress
                stream.avail_out = outputSize
                result = deflate(&stream, Z_FINISH)
            }
            count = Int(stream.total_out)
        }
        guard result == Z_STREAM_END else { throw Failure(code: result) }
        return compressed
    }
}
