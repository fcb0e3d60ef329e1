import MarketData

/// The lines of a file of Binance frames, Binance dumps, or trades as CSV or newline-delimited JSON, told apart by the
/// first line that is not empty and no comment (`#`).
package final class ReplaySource {
    private enum Format {
        /// Frames, and the kind of event that counts once the first has been seen.
        case frames(BinanceStream?)
        case csv(CSVTradeDecoder)
        /// Objects, and whether they number trades and what stream they tell.
        case rows(hasIDs: Bool, stream: String?)
    }

    private let reader: LineReader
    private var format: Format?

    /// The symbol of records that name none: that in the name of a dump's file.
    let fileSymbol: String?

    var lineNumber: Int { reader.lineNumber }
    /// Bytes of the file read so far, as they lie on disk.
    var inputCount: Int { reader.inputCount }

    /// The size of the file on disk.
    var fileSize: Int { reader.fileSize }

    /// The name of the kind of stream that the format tells; nil where it does not, and before the first record.
    var streamName: String? {
        switch format {
        case .frames(let stream): stream?.rawValue
        case .csv(let decoder): decoder.streamName
        case .rows(_, let stream): stream
        case nil: nil
        }
    }

    /// The venue that the format tells; nil where it does not.
    var venue: Venue? {
        guard case .csv(let decoder) = format, let isSpot = decoder.isSpotDump else { return nil }
        return isSpot ? .binanceSpot : .binanceUSDM
    }

    /// Whether the source numbers its trades; known after the first line.
    var hasIDs: Bool {
        switch format {
        case .csv(let decoder): decoder.hasIDs
        case .rows(let hasIDs, _): hasIDs
        default: true
        }
    }

    /// - Throws: ``ReplayError/unreadable(path:reason:)``.
    package init(path: String, symbol: String? = nil) throws(ReplayError) {
        reader = try LineReader(path: path)
        fileSymbol = symbol ?? BinanceDump.symbol(inPath: path)
    }

    /// Calls `body` with the next line and what it is; nil at the end.
    ///
    /// - Throws: ``ReplayError``.
    package func withNextLine<Result>(_ body: (ReplayLine, RawSpan) -> Result) throws(ReplayError) -> Result? {
        var failure: ReplayError?
        let result = try reader.withNextLine { bytes, isWhole in
            do throws(ReplayError) {
                return body(try line(bytes, isWhole: isWhole), bytes)
            } catch {
                failure = error
                return body(.blank, bytes)
            }
        }
        if let failure { throw failure }
        return result
    }

    private func line(_ bytes: RawSpan, isWhole: Bool) throws(ReplayError) -> ReplayLine {
        guard isWhole else { return .failed(.oversized) }
        guard bytes.byteCount > 0, bytes[0] != UInt8(ascii: "#") else { return .blank }
        switch format {
        case nil:
            return try firstLine(bytes)
        case .rows:
            do throws(DecodeFailure) {
                return .trade(try JSONTradeRow(bytes).record(in: bytes))
            } catch {
                return .failed(error)
            }
        case .frames(let stream):
            return frame(bytes, stream: stream)
        case .csv(var decoder):
            // Moved out and back so that the decoder's buffer is not copied.
            format = nil
            defer { format = .csv(decoder) }
            do throws(DecodeFailure) {
                return .trade(try decoder.record(in: bytes))
            } catch {
                return .failed(error)
            }
        }
    }

    private func firstLine(_ bytes: RawSpan) throws(ReplayError) -> ReplayLine {
        if bytes[0] == UInt8(ascii: "{"), let row = try? JSONTradeRow(bytes) {
            if row.isTrade {
                format = .rows(hasIDs: row.hasID, stream: row.streamName)
                return try line(bytes, isWhole: true)
            }
            if row.isParameters { return .blank }
        }
        guard Self.frameStart(in: bytes) == nil else {
            format = .frames(nil)
            return try line(bytes, isWhole: true)
        }
        let text = String(decoding: (0..<bytes.byteCount).map { bytes[$0] }, as: UTF8.self)
        let implied = BinanceDump.header(ofRow: text)
        format = .csv(
            try CSVTradeDecoder(header: implied ?? text, path: reader.path, symbolIsKnown: fileSymbol != nil)
        )
        return implied == nil ? .blank : try line(bytes, isWhole: true)
    }

    private func frame(_ bytes: RawSpan, stream: BinanceStream?) -> ReplayLine {
        guard let start = Self.frameStart(in: bytes) else { return .failed(.invalidJSON) }
        let json = bytes.extracting(start..<bytes.byteCount)
        do throws(DecodeFailure) {
            let message = try BinanceMessage(json)
            let kinds = stream.map { [$0] } ?? BinanceStream.allCases
            guard let kind = kinds.first(where: { message.isEvent($0, in: json) }) else {
                _ = try message.outcomeOfOther(in: json)
                return .ignored
            }
            if stream == nil { format = .frames(kind) }
            var (record, _) = try message.record(of: kind, in: json)
            record.symbol = (record.symbol.lowerBound + start)..<(record.symbol.upperBound + start)
            return .trade(record)
        } catch {
            return .failed(error.refined(for: json))
        }
    }

    /// Where the JSON of a line begins: at once, or after a receive time such as `1723161255088176367 `.
    private static func frameStart(in line: RawSpan) -> Int? {
        for index in 0..<min(line.byteCount, 64) {
            switch line[index] {
            case UInt8(ascii: "{"): return index
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: " "):
                continue
            default: return nil
            }
        }
        return nil
    }
}

extension RawSpan {
    fileprivate subscript(index: Int) -> UInt8 { unsafeLoad(fromByteOffset: index, as: UInt8.self) }
}
