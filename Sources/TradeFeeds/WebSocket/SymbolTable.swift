import MarketData

/// Finds a stream by the bytes of its symbol, without making a String.
struct SymbolTable: Sendable {
    private struct Entry {
        var start: Int
        var count: Int
        var id: InstrumentID
    }

    private var text: [UInt8] = []
    private var entries: [Entry] = []
    /// Open addressing with linear probing; a position in `entries`, or -1.
    private var buckets: [Int]

    init(_ symbols: [(String, InstrumentID)]) {
        var size = 8
        while size < symbols.count * 2 { size *= 2 }
        buckets = Array(repeating: -1, count: size)
        for (symbol, id) in symbols {
            let start = text.count
            text += symbol.utf8
            entries.append(Entry(start: start, count: text.count - start, id: id))
            var bucket = Self.hash(text.span.bytes.extracting(start..<text.count)) & (size - 1)
            while buckets[bucket] >= 0 { bucket = (bucket + 1) & (size - 1) }
            buckets[bucket] = entries.count - 1
        }
    }

    func id(of symbol: RawSpan) -> InstrumentID? {
        let mask = buckets.count - 1
        var bucket = Self.hash(symbol) & mask
        while buckets[bucket] >= 0 {
            let entry = entries[buckets[bucket]]
            if matches(entry, symbol) { return entry.id }
            bucket = (bucket + 1) & mask
        }
        return nil
    }

    private func matches(_ entry: Entry, _ symbol: RawSpan) -> Bool {
        guard entry.count == symbol.byteCount else { return false }
        for offset in 0..<entry.count
        where text[entry.start + offset] != symbol.unsafeLoad(fromByteOffset: offset, as: UInt8.self) {
            return false
        }
        return true
    }

    /// FNV-1a.
    private static func hash(_ bytes: RawSpan) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for offset in 0..<bytes.byteCount {
            hash = (hash ^ UInt64(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))) &* 0x100_0000_01b3
        }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
