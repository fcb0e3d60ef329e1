public import MarketData

/// Finds a stream by the bytes of its symbol, without making a String.
///
/// Decoders search it for every trade, so it is `public`: the compiler inlines nothing else across targets.
public struct SymbolTable: Sendable {
    @usableFromInline
    struct Entry: Sendable {
        @usableFromInline var key: Key
        @usableFromInline var text: [UInt8]
        @usableFromInline var id: InstrumentID
    }

    /// The length and the first and last eight bytes of a symbol, which identify a symbol of up to sixteen bytes.
    @usableFromInline
    struct Key: Equatable, Sendable {
        @usableFromInline var count: Int
        @usableFromInline var first: UInt64
        @usableFromInline var last: UInt64

        @inlinable @inline(__always)
        init(_ symbol: Range<Int>, in bytes: RawSpan) {
            count = symbol.count
            first = Self.word(at: symbol.lowerBound, count: min(8, count), in: bytes)
            last = count > 8 ? Self.word(at: symbol.upperBound - 8, count: 8, in: bytes) : 0
        }

        /// Multiplicative hashing (Knuth, TAOCP 3, section 6.4); its upper bits are well distributed.
        @inlinable
        var hash: Int {
            Int(truncatingIfNeeded: ((first ^ last &* 0x9E37_79B9_7F4A_7C15) &* 0x9E37_79B9_7F4A_7C15) >> 32)
        }

        @inlinable @inline(__always)
        static func word(at offset: Int, count: Int, in bytes: RawSpan) -> UInt64 {
            guard count > 0 else { return 0 }
            if offset + 8 <= bytes.byteCount {
                let word = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
                return UInt64(littleEndian: word) & .max >> UInt64(64 - 8 * count)
            }
            return (0..<count).reduce(0) { word, position in
                let byte = bytes.unsafeLoad(fromByteOffset: offset + position, as: UInt8.self)
                return word | UInt64(byte) << UInt64(8 * position)
            }
        }
    }

    @usableFromInline var entries: [Entry] = []
    /// Open addressing with linear probing; a position in `entries`, or -1.
    @usableFromInline var buckets: [Int]

    /// A table of symbols, each once.
    public init(_ symbols: [(String, InstrumentID)]) {
        var size = 8
        while size < symbols.count * 2 { size *= 2 }
        buckets = Array(repeating: -1, count: size)
        for (symbol, id) in symbols {
            let text = Array(symbol.utf8)
            let key = Key(0..<text.count, in: text.span.bytes)
            var bucket = key.hash & (size - 1)
            while buckets[bucket] >= 0 { bucket = (bucket + 1) & (size - 1) }
            buckets[bucket] = entries.count
            entries.append(Entry(key: key, text: text, id: id))
        }
    }

    /// The stream of a symbol, nil for an unknown one.
    @inlinable
    public func id(of symbol: RawSpan) -> InstrumentID? {
        id(of: 0..<symbol.byteCount, in: symbol)
    }

    /// The stream of the symbol in a range of a text, nil for an unknown one.
    @inlinable @inline(__always)
    public func id(of symbol: Range<Int>, in bytes: RawSpan) -> InstrumentID? {
        let key = Key(symbol, in: bytes)
        let mask = buckets.count - 1
        var bucket = key.hash & mask
        while buckets[bucket] >= 0 {
            let position = buckets[bucket]
            if entries[position].key == key, key.count <= 16 || matches(entries[position].text, symbol, bytes) {
                return entries[position].id
            }
            bucket = (bucket + 1) & mask
        }
        return nil
    }

    @usableFromInline
    func matches(_ text: [UInt8], _ symbol: Range<Int>, _ bytes: RawSpan) -> Bool {
        text.indices.allSatisfy {
            bytes.unsafeLoad(fromByteOffset: symbol.lowerBound + $0, as: UInt8.self) == text[$0]
        }
    }
}
