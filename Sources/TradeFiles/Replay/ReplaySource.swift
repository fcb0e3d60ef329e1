import MarketData
package import TradeFeeds

/// Reads the lines of a file of recorded frames, of a Binance dump, or of trades as a table or newline-delimited JSON.
/// The format is detected by the first lines.
package final class ReplaySource {
    private enum Format {
        /// Frames, and the kind of event of the first trade, nil before it; events of other kinds are ignored.
        case frames(String?)
        case table(BinanceDump.Origin?)
        /// A file without lines.
        case nothing
    }

    private let reader: LineReader
    private let frameFormat: FrameFormat
    private var format: Format
    /// The decoder of a table. It is not part of ``Format``, so that no row copies it.
    private var decoder: TradeRowDecoder?
    /// The last line of the header.
    private let headerEnd: Int

    /// The symbol of records without one, from the caller or the file's name.
    let fileSymbol: String?

    /// The number of rows read so far, without the header, comments and blank lines.
    private(set) var rowCount = 0
    package var lineNumber: Int { reader.lineNumber }
    /// The number of bytes of the stored file read so far.
    var inputCount: Int { reader.inputCount }

    /// The size of the file on disk.
    var fileSize: Int { reader.fileSize }

    /// A checksum of the content; valid only at the end of the file.
    var checksum: String { reader.contentChecksum }

    /// The name of the kind of stream that the format states; nil without one and before the first record.
    var streamName: String? {
        switch format {
        case .frames(let kind): kind
        case .table(let origin):
            origin?.stream ?? (decoder?.header.position(of: .aggregateID) == nil ? nil : BinanceDump.aggregateStream)
        case .nothing: nil
        }
    }

    /// The venue that the format states; nil without one.
    var venue: Venue? {
        guard case .table(let origin) = format else { return nil }
        return origin?.venue
    }

    /// Whether the rows contain an archive's name of the exchange instead of a venue.
    var hasExchanges: Bool { decoder?.hasExchange ?? false }

    /// Whether records contain their symbol.
    var hasSymbols: Bool {
        switch format {
        case .frames: true
        case .table, .nothing: decoder?.hasSymbols ?? false
        }
    }

    /// Whether the trades have ids.
    var hasIDs: Bool { decoder?.hasIDs ?? true }

    /// Reads the first lines.
    /// - Parameters:
    ///   - path: the file.
    ///   - symbol: the symbol of records without one.
    ///   - frames: how recorded frames are read.
    /// - Throws: ``ReplayError``, also when the first lines show that the file contains no trades.
    package init(path: String, symbol: String? = nil, frames: FrameFormat) throws(ReplayError) {
        let start = try FileStart(path: path)
        let stated = BinanceDump.name(ofPath: path)?.symbol
        if let problem = FileName.contradiction(stated, symbol) { throw .unusable(path: path, problem: problem) }
        (format, decoder, fileSymbol) = try Self.format(start, path: path, symbol: symbol ?? stated)
        frameFormat = frames
        headerEnd = decoder?.header.lastLine ?? 0
        reader = try LineReader(path: path)
    }

    /// Calls `body` with the next line, decoded and as bytes; nil at the end.
    ///
    /// - Throws: ``ReplayError``.
    package func withNextLine<Result>(_ body: (ReplayLine, RawSpan) -> Result) throws(ReplayError) -> Result? {
        try reader.withNextLine { bytes, isComplete in
            if isComplete, hasJSON, let plain = JSONEscapes.decoded(bytes) {
                return body(line(plain.span.bytes, isComplete: true), plain.span.bytes)
            }
            return body(line(bytes, isComplete: isComplete), bytes)
        }
    }

    /// The text of the column with a meaning in the line read last, empty without such a column.
    package func text(of meaning: ColumnName, in bytes: RawSpan) -> String {
        decoder?.text(of: meaning, in: bytes) ?? ""
    }

    private var hasJSON: Bool {
        switch format {
        case .frames: true
        case .table: decoder?.header.format == .json
        case .nothing: false
        }
    }

    private static func format(
        _ start: FileStart,
        path: String,
        symbol: String?
    ) throws(ReplayError) -> (Format, TradeRowDecoder?, symbol: String?) {
        guard let first = start.lines.first else { return (.nothing, nil, symbol) }
        let rows = TableHeader(start, isWanted: TradeRowDecoder.isHeader)
        if frameStart(in: first.bytes.span.bytes) != nil, rows?.position(of: .price) == nil {
            return (.frames(nil), nil, symbol)
        }
        var splitter = FieldSplitter(format: .commas)
        try? splitter.split(first.bytes.span.bytes)
        let cells = splitter.fields.map { FieldSplitter.text(first.bytes.span.bytes, $0) }
        var symbol = symbol
        let header: TableHeader?
        if let rows, 1..<first.number ~= rows.lastLine {
            // The header is in a comment.
            header = rows
        } else if let implied = BinanceDump.header(ofRow: cells) {
            header = TableHeader(implied: implied)
        } else if cells.count == 3, splitter.fields.first.flatMap({ TimeText.time(first.bytes.span.bytes, $0) }) != nil
        {
            // Kraken's trades: seconds, price and volume.
            header = TableHeader(implied: "time,price,volume")
            symbol = symbol ?? FileName(path).bareSymbol
        } else {
            header = rows
        }
        guard let header else { return (.nothing, nil, symbol) }
        let decoder = try TradeRowDecoder(header: header, start: start, path: path, symbolIsKnown: symbol != nil)
        return (.table(BinanceDump.origin(of: header, symbol: symbol)), decoder, symbol)
    }

    private func line(_ bytes: RawSpan, isComplete: Bool) -> ReplayLine {
        guard reader.lineNumber > headerEnd, TableReader.isRow(bytes) else { return .blank }
        rowCount += 1
        guard isComplete else { return .failed(.tooLong) }
        switch format {
        case .nothing: return .blank
        case .frames(let kind): return frame(bytes, kind: kind)
        case .table:
            do throws(RowFault) {
                return try (decoder?.record(in: bytes)).map(ReplayLine.trade) ?? .blank
            } catch {
                return .failed(error)
            }
        }
    }

    private func frame(_ bytes: RawSpan, kind: String?) -> ReplayLine {
        guard let start = Self.frameStart(in: bytes) else { return .failed(RowFault(json: .invalidJSON, bytes)) }
        let json = bytes.extracting(start..<bytes.byteCount)
        do throws(DecodeFailure) {
            guard let event = try frameFormat.event(json, kind) else { return .ignored }
            var record = event.record
            if kind == nil { format = .frames(event.kind) }
            record.symbol = (record.symbol.lowerBound + start)..<(record.symbol.upperBound + start)
            return .trade(record)
        } catch {
            return .failed(RowFault(json: error.refined(for: json), bytes))
        }
    }

    /// The offset of the JSON in a line: 0, or after a receive time such as `1723161255088176367 `.
    private static func frameStart(in line: RawSpan) -> Int? {
        for index in 0..<min(line.byteCount, 64) {
            switch line.unsafeLoad(fromByteOffset: index, as: UInt8.self) {
            case UInt8(ascii: "{"): return index
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: " "):
                continue
            default: return nil
            }
        }
        return nil
    }
}

extension RowFault {
    /// The fault of a line that is not the JSON of a trade.
    init(json failure: DecodeFailure, _ line: RawSpan) {
        let start = line.extracting(0..<min(line.byteCount, 200))
        let excerpt = Self.excerpt(FieldSplitter.text(start, 0..<start.byteCount))
        let problem =
            switch failure {
            case .invalidJSON: "\"\(excerpt)\" is not a complete JSON object; each line must be one"
            case .invalidUTF8: "the line is not UTF-8; save the file as UTF-8"
            case .unsupportedEscape: "a name or value of the trade has an escape (\\) that means no letter or digit"
            case .duplicateField: "a field of the trade occurs twice; each must occur once"
            case .missingField: "a field of the trade is missing"
            case .wrongType: "a field of the trade has another type than the venue writes"
            case .numberOutOfRange: "an id or a time is one that no trade has"
            case .malformedDecimal: "the price or the quantity is not \(NumberText.rule)"
            case .malformedTime: "the time is not \(TimeText.rule)"
            case .unknownSymbol, .refused, .oversized: "the line holds no trade (\(failure.rawValue))"
            }
        self.init(.json, problem, failure: failure)
    }
}
