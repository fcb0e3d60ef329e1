public import MarketData

/// A file of trades that is to be imported, surveyed by reading it once.
///
/// Takes Binance's dumps (`aggTrades` and `trades`, with or without header), trades as CSV or newline-delimited JSON, and
/// recorded frames; plain, gzip or ZIP. Trades that the source does not number are numbered in file order per
/// instrument, and their stream carries the checksum of the content.
public struct TradeFile: Sendable {
    /// What the file holds of one stream.
    public struct Content: Hashable, Sendable {
        /// The stream.
        public var stream: TradeStream
        /// How many records.
        public var trades: Int
        /// The least and the greatest id.
        public var ids: ClosedRange<Int64>
        /// The earliest and the latest time.
        public var times: ClosedRange<Timestamp>
    }

    /// A line that gave no record.
    public struct Fault: Hashable, Sendable {
        /// Its number, from 1.
        public var line: Int
        /// What is wrong with it.
        public var reason: DecodeFailure
    }

    /// Where it is.
    public let path: String
    /// What the file does not say.
    public let naming: TradeFileNaming
    /// A checksum of the content, 16 hexadecimal digits.
    public let checksum: String
    /// Whether the source numbers its trades.
    public let isNumbered: Bool
    /// What it holds, in the order in which the streams first occur.
    public let contents: [Content]
    /// How many lines gave no record.
    public let faultCount: Int
    /// The first of them.
    public let faults: [Fault]

    /// How many faults are kept.
    static let keptFaults = 100

    /// The streams of the contents, numbered in their order.
    public var streams: StreamTable { StreamTable(contents.map(\.stream)) }

    /// Reads the whole file.
    /// - Parameters:
    ///   - path: the file.
    ///   - naming: what the file does not say.
    ///   - onProgress: called now and then with the share of the file that has been read.
    /// - Throws: ``ReplayError``.
    public init(
        path: String,
        naming: TradeFileNaming = TradeFileNaming(),
        onProgress: (Double) -> Void = { _ in }
    ) throws(ReplayError) {
        let source = try ReplaySource(path: path, symbol: naming.symbol)
        let size = Double(max(1, source.fileSize))
        var resolver = StreamResolver()
        var contents: [Content] = []
        var faults: [Fault] = []
        var faultCount = 0
        var checksum = ContentChecksum()
        while true {
            let isLine: Void? = try source.withNextLine { line, bytes in
                checksum.add(bytes)
                switch line {
                case .trade(let record) where Self.canKeep(record):
                    let (index, id) = resolver.resolve(record, bytes)
                    if index < contents.count {
                        contents[index].take(record, id: id)
                    } else {
                        contents.append(Content(record, id: id))
                    }
                case .blank, .ignored:
                    return
                case .trade, .failed:
                    faultCount += 1
                    guard faults.count < Self.keptFaults else { return }
                    let reason: DecodeFailure = if case .failed(let reason) = line { reason } else { .numberOutOfRange }
                    faults.append(Fault(line: source.lineNumber, reason: reason))
                }
            }
            if isLine == nil { break }
            if source.lineNumber % 65_536 == 0 { onProgress(Double(source.inputCount) / size) }
        }
        guard !contents.isEmpty else { throw .noTrades(path: path, lines: source.lineNumber) }
        self.path = path
        self.naming = naming
        self.checksum = checksum.text
        isNumbered = source.hasIDs
        self.faultCount = faultCount
        self.faults = faults
        let standardName = source.hasIDs ? BinanceStream.trade.rawValue : "file-\(checksum.text)"
        for (index, names) in resolver.names.enumerated() {
            contents[index].stream = try names.stream(
                path: path,
                fileSymbol: source.fileSymbol,
                venue: source.venue,
                streamName: source.hasIDs ? source.streamName ?? standardName : standardName,
                naming: naming
            )
        }
        self.contents = contents
        if let twice = contents.first(where: { content in
            contents.contains { $0.stream != content.stream && $0.stream.instrument == content.stream.instrument }
        }) {
            throw .unusable(
                path: path,
                problem: "it holds several streams of \(twice.stream.instrument), whose ids are not of one space; "
                    + "import one file per stream"
            )
        }
    }

    /// Reads the file again, and hands over its records in batches; their instrument is the position in ``streams``.
    /// - Parameters:
    ///   - batchSize: the greatest number of records in the next batch; asked before each.
    ///   - body: takes a batch and the share of the file that has been read.
    /// - Throws: ``ReplayError``, or what `body` throws.
    public func read(
        batchSize: () -> Int,
        _ body: ([Trade], Double) async throws -> Void
    ) async throws {
        let source = try ReplaySource(path: path, symbol: naming.symbol)
        let size = Double(max(1, source.fileSize))
        var resolver = StreamResolver()
        var batch: [Trade] = []
        var limit = batchSize()
        batch.reserveCapacity(limit)
        while true {
            let isLine: Void? = try source.withNextLine { line, bytes in
                guard case .trade(let record) = line, Self.canKeep(record) else { return }
                let (index, id) = resolver.resolve(record, bytes)
                batch.append(Trade(record, instrument: InstrumentID(index), id: id))
            }
            if batch.count >= limit || (isLine == nil && !batch.isEmpty) {
                try await body(batch, Double(source.inputCount) / size)
                batch.removeAll(keepingCapacity: true)
                limit = batchSize()
            }
            if isLine == nil { return }
        }
    }
}

extension TradeFile {
    /// Whether a record's id, where it has one, is one that a store can hold.
    private static func canKeep(_ record: TradeRecord) -> Bool {
        record.id.map(TradeSequence.validIDs.contains) ?? true
    }
}

extension TradeFile.Content {
    /// The first record of a stream whose name is still to be made.
    fileprivate init(_ record: TradeRecord, id: Int64) {
        stream = TradeStream(instrument: Instrument(venue: .replay, symbol: ""), name: "")
        trades = 1
        ids = id...id
        times = record.time...record.time
    }

    fileprivate mutating func take(_ record: TradeRecord, id: Int64) {
        trades += 1
        if !ids.contains(id) { ids = min(ids.lowerBound, id)...max(ids.upperBound, id) }
        if !times.contains(record.time) {
            times = min(times.lowerBound, record.time)...max(times.upperBound, record.time)
        }
    }
}
