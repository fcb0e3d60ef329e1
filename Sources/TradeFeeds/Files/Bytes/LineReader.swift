import MarketData

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads the lines of a file, plain, gzip or ZIP (told by its first bytes), in constant memory.
final class LineReader {
    /// A longer line is cut and marked, so that a file without line ends cannot fill the memory.
    static let longestLine = 1 << 20

    let path: String
    /// The number of the line read last, from 1.
    private(set) var lineNumber = 0
    /// Bytes of the file read so far, as they lie on disk.
    private(set) var inputCount = 0

    private let file: Int32
    private var inflater: GzipInflater?
    private var unzipper: ZipInflater?
    private var input = [UInt8](repeating: 0, count: 1 << 16)
    private var buffer: [UInt8] = []
    private var start = 0
    private var searched = 0
    private var isAtEnd = false

    /// - Throws: ``ReplayError/unreadable(path:reason:)``.
    init(path: String) throws(ReplayError) {
        self.path = path
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .unreadable(path: path, reason: Self.reason(errno)) }
        let count = try readInput()
        do {
            if count >= 2, input[0] == 0x1F, input[1] == 0x8B { inflater = try GzipInflater() }
            if ZipInflater.isArchive(input[..<count]) { unzipper = try ZipInflater() }
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
        try take(count)
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if buffer.starts(with: byteOrderMark) { start = byteOrderMark.count }
        searched = start
    }

    /// The size of the file on disk, 0 where it has none, such as a pipe.
    var fileSize: Int {
        var status = stat()
        return fstat(file, &status) == 0 ? Int(status.st_size) : 0
    }

    deinit {
        if file >= 0 { close(file) }
    }

    /// Calls `body` with the bytes of the next line, without its end, and whether it is whole; nil at the end.
    ///
    /// - Throws: ``ReplayError/unreadable(path:reason:)``.
    func withNextLine<Result>(_ body: (RawSpan, _ isWhole: Bool) -> Result) throws(ReplayError) -> Result? {
        while true {
            if let end = nextLineEnd() {
                defer {
                    start = end + 1
                    searched = start
                }
                lineNumber += 1
                return body(buffer.span.bytes.extracting(line(to: end)), true)
            }
            if isAtEnd {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                lineNumber += 1
                return body(buffer.span.bytes.extracting(line(to: buffer.count)), true)
            }
            searched = buffer.count
            if buffer.count - start > Self.longestLine { return try skipRest(of: body) }
            buffer.removeFirst(start)
            searched -= start
            start = 0
            try take(try readInput())
        }
    }

    /// Hands over the beginning of a line that is too long and drops the rest of it.
    private func skipRest<Result>(of body: (RawSpan, Bool) -> Result) throws(ReplayError) -> Result {
        let result = body(buffer.span.bytes.extracting(start..<buffer.count), false)
        lineNumber += 1
        start = 0
        searched = 0
        repeat {
            buffer.removeAll(keepingCapacity: true)
            try take(try readInput())
            if let end = nextLineEnd() {
                start = end + 1
                searched = start
                return result
            }
        } while !isAtEnd
        start = buffer.count
        return result
    }

    private func line(to end: Int) -> Range<Int> {
        let isCarriageReturn = end > start && buffer[end - 1] == UInt8(ascii: "\r")
        return start..<(isCarriageReturn ? end - 1 : end)
    }

    private func nextLineEnd() -> Int? {
        guard searched < buffer.count else { return nil }
        return buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + searched, Int32(UInt8(ascii: "\n")), bytes.count - searched)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    private func readInput() throws(ReplayError) -> Int {
        while true {
            let count = input.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if count >= 0 {
                inputCount += count
                return count
            }
            if errno != EINTR { throw .unreadable(path: path, reason: Self.reason(errno)) }
        }
    }

    /// Adds so many bytes of the input to the buffer; none is the end of the file.
    private func take(_ count: Int) throws(ReplayError) {
        if count == 0 {
            isAtEnd = true
            if let inflater, !inflater.isComplete {
                throw .unreadable(path: path, reason: "the gzip data ends early")
            }
            if let unzipper, !unzipper.isComplete {
                throw .unreadable(path: path, reason: "the ZIP archive ends early")
            }
        } else if let unzipper {
            do {
                try unzipper.inflate(input, count: count, into: &buffer)
            } catch {
                switch error {
                case .damaged(let reason): throw .unreadable(path: path, reason: "the ZIP archive: \(reason)")
                }
            }
        } else if let inflater {
            do {
                try inflater.inflate(&input, count: count, into: &buffer)
            } catch {
                throw .unreadable(path: path, reason: "the gzip data is damaged: \(error)")
            }
        } else {
            buffer += input[..<count]
        }
    }

    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
