import CZlib

/// Packed files: gzip, ZIP and what claims to be them. Even first byte: the rest is the file. Odd: the rest is packed,
/// and one byte of the packed file is changed, which is detected or changes nothing.
final class PackedTarget {
    private let file = MemoryFile()
    private var output = [UInt8](repeating: 0, count: 1 << 16)
    /// Less than a megabyte is packed in any input, however many times.
    private static let most = 64 << 20

    func run(_ input: UnsafeRawBufferPointer) {
        guard input.count > 3 else { return }
        let rest = Array(input.dropFirst(3))
        if input[0].isMultiple(of: 2) {
            // Another program unpacks xz.
            guard !rest.starts(with: XZInput.signature) else { return }
            file.replace(with: rest)
            _ = unpacked()
        } else {
            var packed = gzip(rest)
            if input[0] & 2 == 0 { packed += gzip(rest) }
            let expected = input[0] & 2 == 0 ? rest + rest : rest
            file.replace(with: packed)
            precondition(unpacked() == expected, "what was packed is not what is unpacked")
            // Not the flags, the time and the name of the system, which do not affect the content.
            let place = 10 + (Int(input[1]) << 8 | Int(input[2])) % (packed.count - 10)
            packed[place] ^= 1 << (input[0] >> 5)
            file.replace(with: packed)
            precondition([nil, expected].contains(unpacked()), "a changed byte goes unnoticed")
        }
    }

    /// The unpacked content; nil where the file is refused.
    private func unpacked() -> [UInt8]? {
        var content: [UInt8] = []
        do throws(ReplayError) {
            let input = try FileInput(path: file.path)
            while true {
                let count = try output.withUnsafeMutableBufferPointer { buffer throws(ReplayError) in
                    try input.read(into: buffer)
                }
                precondition(count <= output.count && input.inputCount <= input.fileSize)
                if count == 0 { return content }
                content += output[..<count]
                precondition(content.count <= Self.most, "more comes out than can have gone in")
            }
        } catch {
            return nil
        }
    }

    private func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        precondition(deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
        defer { deflateEnd(&stream) }
        return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count)))) { output, count in
            bytes.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
            }
            count = Int(stream.total_out)
        }
    }
}
