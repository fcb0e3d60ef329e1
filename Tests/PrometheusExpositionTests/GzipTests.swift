import CZlib
import PrometheusExposition
import TestSupport
import Testing

@Suite struct GzipTests {
    /// Decompresses one gzip member, checking its checksum and length.
    private func inflated(_ compressed: [UInt8], capacity: Int) throws -> [UInt8] {
        var stream = z_stream()
        try #require(inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { inflateEnd(&stream) }
        var input = compressed
        var output = [UInt8](repeating: 0, count: capacity + 1)
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        try #require(status == Z_STREAM_END)
        return Array(output.prefix(Int(stream.total_out)))
    }

    private static func random(_ count: Int) -> [UInt8] {
        var generator = SeededRandom(seed: 3)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    @Test(
        "decompression returns the same bytes, even where compression does not shrink them",
        arguments: [[], [7], Array(repeating: 65, count: 1_000_000), random(100_000)] as [[UInt8]],
        [1, 6, 9] as [Int32]
    )
    func roundTrip(bytes: [UInt8], level: Int32) throws {
        let compressed = try Gzip.compress(bytes, level: level)
        #expect(compressed.starts(with: [0x1F, 0x8B]))
        #expect(try inflated(compressed, capacity: bytes.count) == bytes)
    }

    @Test("repetitive text becomes much smaller")
    func size() throws {
        let text = (0..<10_000).map { "pairs_hedge_ratio{pair=\"ETHUSDT-BTCUSDT\",window=\"\($0)\"} 0.5\n" }.joined()
        #expect(try Gzip.compress(Array(text.utf8)).count < text.utf8.count / 5)
    }

    @Test("levels out of range count as the nearest one", arguments: [Int32.min, 0, 10, .max])
    func levels(level: Int32) throws {
        #expect(try inflated(Gzip.compress([1, 2, 3], level: level), capacity: 3) == [1, 2, 3])
    }
}
