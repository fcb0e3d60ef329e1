package import MarketData
package import TradeFeeds

/// A file of trades for an import, surveyed in a first pass.
///
/// It is one of Binance's dumps (`aggTrades` and `trades`, with or without a header), trades as a table or
/// newline-delimited JSON, or recorded frames; plain, gzip, ZIP or xz. Trades without ids are numbered per instrument
/// in the order of the file, or in reverse order where the file descends in time, so that ids ascend with time. The
/// name of their stream contains the checksum of the content.
package struct TradeFile: Sendable {
    /// The trades of one stream in the file.
    package struct Content: Hashable, Sendable {
        /// The stream.
        package var stream: TradeStream
        /// The number of records.
        package var trades: Int
        /// The least and the greatest id.
        package var ids: ClosedRange<Int64>
        /// The earliest and the latest time.
        package var times: ClosedRange<Timestamp>
        /// Whether the newest record comes first.
        var isDescending: Bool { stepsDown > 0 && stepsDown / 9 >= stepsUp }

        /// The number of records with a later time than the previous one.
        private var stepsUp = 0
        private var stepsDown = 0
        private var lastTime: Timestamp
    }

    /// The path of the file.
    package let path: String
    /// The names that the file does not state.
    package let naming: TradeFileNaming
    private let frames: FrameFormat
    /// A checksum of the content, 16 hexadecimal digits.
    package let checksum: String
    /// Whether the trades have ids in the file.
    package let isNumbered: Bool
    /// The contents, in the order of the streams' first occurrence.
    package let contents: [Content]
    /// The number of rows, without the header, comments, blank lines and frames of other kinds.
    package let rows: Int
    /// The rows that contain no valid trade.
    package let refused: RefusedRows

    /// The streams of the contents, numbered in their order.
    package var streams: StreamTable { StreamTable(contents.map(\.stream)) }

    /// Reads the complete file.
    /// - Parameters:
    ///   - path: the file.
    ///   - naming: the names that the file does not state.
    ///   - frames: how recorded frames are read.
    ///   - onProgress: called at intervals with the share of the file that has been read, from 0 to 1.
    /// - Throws: ``ReplayError``.
    package init(
        path: String,
        naming: TradeFileNaming = TradeFileNaming(),
        frames: FrameFormat,
        onProgress: (Double) -> Void = { _ in }
    ) throws(ReplayError) {
        let source = try ReplaySource(path: path, symbol: naming.symbol, frames: frames)
        if naming.symbol != nil, source.hasSymbols {
            throw .unusable(
                path: path,
                problem: "its rows name their symbols, so --symbol would be ignored; leave it out"
            )
        }
        let size = Double(max(1, source.fileSize))
        var resolver = StreamResolver()
        var contents: [Content] = []
        var refused = RefusedRows()
        var others = 0
        while true {
            let isLine: Void? = try source.withNextLine { line, bytes in
                switch Self.checked(line, source, bytes) {
                case .trade(let record):
                    let (index, id) = resolver.resolve(record, bytes)
                    if index < contents.count {
                        contents[index].add(record, id: id)
                    } else {
                        contents.append(Content(record, id: id))
                    }
                case .blank: break
                case .ignored: others += 1
                case .failed(let fault): refused.add(fault, line: source.lineNumber)
                }
            }
            if isLine == nil { break }
            if source.lineNumber % 65_536 == 0 { onProgress(Double(source.inputCount) / size) }
        }
        guard !contents.isEmpty else {
            throw .noTrades(path: path, lines: source.lineNumber, first: refused.first.first)
        }
        self.path = path
        self.naming = naming
        self.frames = frames
        checksum = source.checksum
        isNumbered = source.hasIDs
        rows = source.rowCount - others
        self.refused = refused
        let standardName = source.hasIDs ? BinanceDump.tradeStream : TradeStream.unnumberedPrefix + checksum
        for (index, names) in resolver.names.enumerated() {
            contents[index].stream = try names.stream(
                of: source,
                path: path,
                streamName: source.hasIDs ? source.streamName ?? standardName : standardName,
                naming: naming
            )
        }
        self.contents = contents
        var known: [Instrument: TradeStream] = [:]
        for stream in contents.map(\.stream) {
            guard let other = known.updateValue(stream, forKey: stream.instrument) else { continue }
            let problem =
                other == stream
                ? "its rows name several exchanges, venues or streams that would all be \(stream); import one file of each"
                : "it holds several streams of \(stream.instrument), whose ids are not of one space; "
                    + "import one file per stream"
            throw .unusable(path: path, problem: problem)
        }
    }

    /// Reads the file again, and delivers its records in batches; their instrument is the position in ``streams``.
    /// - Parameters:
    ///   - batchSize: returns the greatest number of records in the next batch; called before each batch.
    ///   - body: receives a batch and the share of the file that has been read.
    /// - Throws: ``ReplayError``, or the error of `body`.
    package func read(
        batchSize: () -> Int,
        _ body: ([Trade], Double) async throws -> Void
    ) async throws {
        let source = try ReplaySource(path: path, symbol: naming.symbol, frames: frames)
        let size = Double(max(1, source.fileSize))
        // Records without ids get descending ids where the file descends in time.
        let counts = contents.map { !isNumbered && $0.isDescending ? Int64($0.trades) : nil }
        var resolver = StreamResolver()
        var batch: [Trade] = []
        var limit = batchSize()
        batch.reserveCapacity(limit)
        while true {
            let isLine: Void? = try source.withNextLine { line, bytes in
                guard case .trade(let record) = Self.checked(line, source, bytes) else { return }
                let (index, position) = resolver.resolve(record, bytes)
                guard index < counts.count else { return }
                let id = counts[index].map { $0 - position + 1 } ?? position
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

    /// The line, or its fault where a store cannot hold its record; a record that is not a market trade needs only a
    /// valid id.
    private static func checked(_ line: ReplayLine, _ source: ReplaySource, _ bytes: RawSpan) -> ReplayLine {
        guard case .trade(let record) = line else { return line }
        if let id = record.id, !TradeSequence.validIDs.contains(id) {
            return .failed(RowFault(.id, "the id is \(id); it must be \(RowFault.idRule)"))
        }
        guard record.isMarketOrder else { return line }
        guard let price = record.price else { return .failed(tooLong(.price, source, bytes)) }
        guard let quantity = record.quantity else { return .failed(tooLong(.quantity, source, bytes)) }
        guard price.mantissa > 0 else {
            return .failed(RowFault(.price, "the price is \(price), not positive; it must be above zero"))
        }
        guard quantity.mantissa >= 0 else {
            return .failed(RowFault(.quantity, "the quantity is \(quantity), negative; it must not be below zero"))
        }
        return line
    }

    private static func tooLong(_ meaning: ColumnName, _ source: ReplaySource, _ bytes: RawSpan) -> RowFault {
        RowFault(
            .digits,
            column: "the \(meaning.rawValue)",
            found: source.text(of: meaning, in: bytes),
            right: "a number of at most 18 digits that are not trailing zeros"
        )
    }
}

extension TradeFile.Content {
    /// The content with the first record of a stream; the name of the stream is set later.
    fileprivate init(_ record: TradeRecord, id: Int64) {
        stream = TradeStream(instrument: Instrument(venue: .replay, symbol: ""), name: "")
        trades = 1
        ids = id...id
        times = record.time...record.time
        lastTime = record.time
    }

    fileprivate mutating func add(_ record: TradeRecord, id: Int64) {
        trades += 1
        if record.time > lastTime { stepsUp += 1 } else if record.time < lastTime { stepsDown += 1 }
        lastTime = record.time
        if !ids.contains(id) { ids = min(ids.lowerBound, id)...max(ids.upperBound, id) }
        if !times.contains(record.time) {
            times = min(times.lowerBound, record.time)...max(times.upperBound, record.time)
        }
    }
}
