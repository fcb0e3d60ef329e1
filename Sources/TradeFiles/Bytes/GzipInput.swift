/// A gzip file (RFC 1952) of one or more members. Zero bytes after the last member are padding, as for gzip(1).
final class GzipInput: ByteInput {
    static let signature: [UInt8] = [0x1F, 0x8B]

    private let stored: StoredBytes
    private let inflater: Inflater

    var inputCount: Int { stored.offset }

    init(_ file: StoredFile) throws(UnreadableFile) {
        stored = StoredBytes(file)
        inflater = try Inflater(.gzip, name: "gzip data")
    }

    func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(UnreadableFile) -> Int {
        while true {
            let count = try inflater.read(from: stored, into: buffer)
            if count > 0 { return count }
            guard try beginMember() else { return 0 }
        }
    }

    /// - Returns: whether another member follows.
    private func beginMember() throws(UnreadableFile) -> Bool {
        var padding = 0
        while try stored.fill() {
            var isPadding = false
            var next: UInt8?
            stored.use { bytes in
                let zeros = bytes.prefix { $0 == 0 }.count
                padding += zeros
                isPadding = zeros == bytes.count
                next = isPadding ? nil : bytes[zeros]
                return zeros
            }
            if isPadding { continue }
            guard padding == 0, next == Self.signature[0] else {
                throw UnreadableFile("other bytes follow the gzip data at byte \(stored.offset); fetch the file again")
            }
            inflater.reset()
            return true
        }
        return false
    }
}
