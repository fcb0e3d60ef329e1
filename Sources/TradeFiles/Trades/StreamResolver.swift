import MarketData
import TradeFeeds

/// Numbers the streams of a file in the order of their first occurrence, and the trades of streams without ids.
struct StreamResolver {
    /// The names in the lines of a stream; empty where the file has no column for one.
    struct Names: Hashable {
        var venue: [UInt8]
        var symbol: [UInt8]
        var stream: [UInt8]
    }

    /// The names of each stream.
    private(set) var names: [Names] = []
    private var positions: [Names: Int] = [:]
    private var counts: [Int64] = []
    private var last = -1

    /// The position of a record's stream, and its id.
    mutating func resolve(_ record: TradeRecord, _ bytes: RawSpan) -> (index: Int, id: Int64) {
        if last < 0 || !matches(names[last], record, bytes) {
            let names = Names(
                venue: Self.copy(record.venue, bytes),
                symbol: Self.copy(record.symbol, bytes),
                stream: Self.copy(record.stream, bytes)
            )
            last = positions[names] ?? self.names.count
            if last == self.names.count {
                positions[names] = last
                self.names.append(names)
                counts.append(0)
            }
        }
        if let id = record.id { return (last, id) }
        counts[last] += 1
        return (last, counts[last])
    }

    private func matches(_ names: Names, _ record: TradeRecord, _ bytes: RawSpan) -> Bool {
        Self.equal(names.symbol, record.symbol, bytes) && Self.equal(names.venue, record.venue, bytes)
            && Self.equal(names.stream, record.stream, bytes)
    }

    private static func equal(_ name: [UInt8], _ range: Range<Int>, _ bytes: RawSpan) -> Bool {
        guard name.count == range.count else { return false }
        for offset in 0..<name.count
        where name[offset] != bytes.unsafeLoad(fromByteOffset: range.lowerBound + offset, as: UInt8.self) {
            return false
        }
        return true
    }

    private static func copy(_ range: Range<Int>, _ bytes: RawSpan) -> [UInt8] {
        range.map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
}

extension StreamResolver.Names {
    /// The stream; names that the rows do not contain come from the file's format and from the options of the caller.
    func stream(
        of source: ReplaySource,
        path: String,
        streamName: String,
        naming: TradeFileNaming
    ) throws(ReplayError) -> TradeStream {
        let name = String(decoding: venue, as: UTF8.self)
        let named: Venue? =
            name.isEmpty ? nil : source.hasExchanges ? StatedExchange.venue(name) : Venue(rawValue: name)
        if naming.venue == nil, let named, !Venue.isName(named.rawValue) {
            let problem = RowFault(.name, column: "venue", found: name, right: RowFault.venueRule).problem
            throw .unusable(path: path, problem: problem)
        }
        guard let venue = naming.venue ?? named ?? source.venue else {
            throw .unusable(path: path, problem: "it does not state its venue; state it with --venue")
        }
        let symbol = symbol.isEmpty ? source.fileSymbol ?? "" : String(decoding: symbol, as: UTF8.self)
        if symbol.isEmpty {
            throw .unusable(path: path, problem: "it does not state its symbol; state it with --symbol")
        }
        let ownName = stream.isEmpty ? streamName : String(decoding: stream, as: UTF8.self)
        return TradeStream(instrument: Instrument(venue: venue, symbol: symbol), name: naming.stream ?? ownName)
    }
}
