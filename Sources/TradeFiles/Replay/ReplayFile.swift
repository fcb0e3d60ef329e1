package import MarketData
package import TradeFeeds

/// The contents of a file, found in a first pass before the replay.
///
/// Trades without ids are numbered in file order per symbol, and the name of their stream contains a checksum of the
/// content. So the same file always has the same ids, and another file has another stream.
package struct ReplayFile: Hashable, Sendable {
    /// The path of the file.
    package let path: String
    /// The symbols in the order of their first occurrence.
    package let symbols: [String]
    /// The name of the kind of stream: the venue's (`aggTrade`, `trade`) or `file-` and a checksum.
    package let streamName: String
    /// The number of records.
    package let trades: Int
    /// The time of the earliest record.
    package let firstTime: Timestamp
    /// The time of the latest record.
    package let lastTime: Timestamp
    /// The rows that are not trades, by symbol; those without a symbol have the key "".
    package let refused: [String: RefusedRows]

    /// The streams of the file, at the venue ``Venue/replay``.
    package var streams: [TradeStream] {
        symbols.map { TradeStream(instrument: Instrument(venue: .replay, symbol: $0), name: streamName) }
    }

    /// Reads a file of recorded frames (one JSON per line, optionally after a receive time), one of Binance's dumps, or
    /// trades as CSV with a header or newline-delimited JSON; plain, gzip or ZIP.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - frames: how recorded frames are read.
    /// - Throws: ``ReplayError``.
    package static func inspect(_ path: String, frames: FrameFormat) throws(ReplayError) -> ReplayFile {
        let source = try ReplaySource(path: path, frames: frames)
        var symbols: [String] = []
        var known: Set<String> = []
        var trades = 0
        var refused: [String: RefusedRows] = [:]
        var firstRefused: RefusedRows.Row?
        var firstTime = Timestamp(microseconds: .max)
        var lastTime = Timestamp(microseconds: .min)
        while true {
            let isLine: Void? = try source.withNextLine { line, bytes in
                if case .failed(let fault) = line {
                    let symbol = fault.reason.isOfCell ? source.text(of: .symbol, in: bytes) : ""
                    refused[symbol, default: RefusedRows()].add(fault, line: source.lineNumber)
                    firstRefused = firstRefused ?? refused[symbol]?.first.first
                }
                guard case .trade(let record) = line else { return }
                trades += 1
                firstTime = min(firstTime, record.time)
                lastTime = max(lastTime, record.time)
                let symbol =
                    record.symbol.isEmpty
                    ? source.fileSymbol ?? ""
                    : String(
                        decoding: record.symbol.map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) },
                        as: UTF8.self
                    )
                if known.insert(symbol).inserted { symbols.append(symbol) }
            }
            if isLine == nil { break }
        }
        guard trades > 0 else { throw .noTrades(path: path, lines: source.lineNumber, first: firstRefused) }
        return ReplayFile(
            path: path,
            symbols: symbols,
            streamName: source.hasIDs
                ? source.streamName ?? BinanceDump.tradeStream : TradeStream.unnumberedPrefix + source.checksum,
            trades: trades,
            firstTime: firstTime,
            lastTime: lastTime,
            refused: refused
        )
    }
}
