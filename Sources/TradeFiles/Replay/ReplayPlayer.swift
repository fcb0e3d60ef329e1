import MarketData
import TradeFeeds

/// Assigns ids to the trades of a file, skips known ones, and collects the others into batches.
struct ReplayPlayer {
    /// The trade read last, not yet in the batch.
    private(set) var next: Trade?
    var batch: [Trade] = []
    /// The greatest time of all trades read so far.
    private(set) var greatest: Timestamp?
    private(set) var failures = 0
    private(set) var lastFault: RowFault?

    /// The latest plausible time. A later trade is discarded, because it would close every bar up to its time.
    private let latestTime = WallClock.now() + 86_400_000_000
    private let positions: [InstrumentID: StreamPosition]
    private var numbers: [InstrumentID: Int64] = [:]

    init(positions: [InstrumentID: StreamPosition]) {
        self.positions = positions
    }

    /// Reads one line; false at the end of the file.
    mutating func readLine(
        of source: ReplaySource,
        symbols: SymbolTable,
        counters: FeedCounters
    ) throws(ReplayError) -> Bool {
        next = nil
        let isLine: Void? = try source.withNextLine { line, bytes in
            let outcome = process(line, bytes, symbols, source.fileSymbol)
            counters.update { counts in
                counts.frames += 1
                counts.receivedBytes += bytes.byteCount
                switch outcome {
                case .trades, .lastTrade, .acknowledgement, .heartbeat, .shutdownNotice: break
                case .ignored: counts.ignoredEvents += 1
                case .failed(let failure): counts.decodeFailures[failure, default: 0] += 1
                }
            }
        }
        return isLine != nil
    }

    /// Adds the trade read last to the batch.
    mutating func accept() {
        guard let trade = next else { return }
        batch.append(trade)
        if trade.discard != .time { greatest = max(greatest ?? trade.time, trade.time) }
        next = nil
    }

    private mutating func process(
        _ line: ReplayLine,
        _ bytes: RawSpan,
        _ symbols: SymbolTable,
        _ fileSymbol: String?
    ) -> FrameOutcome {
        switch line {
        case .blank:
            return .acknowledgement
        case .ignored:
            return .ignored
        case .failed(let fault):
            failures += 1
            lastFault = fault
            return .failed(fault.failure)
        case .trade(let record):
            let symbol =
                record.symbol.isEmpty
                ? fileSymbol.flatMap { symbols.id(of: Array($0.utf8).span.bytes) }
                : symbols.id(of: bytes.extracting(record.symbol))
            guard let instrument = symbol else { return .ignored }
            let (following, isSpent) = numbers[instrument, default: 0].addingReportingOverflow(1)
            guard let id = record.id ?? (isSpent ? nil : following) else { return .failed(.numberOutOfRange) }
            numbers[instrument] = id
            if let position = positions[instrument], id <= position.lastID {
                greatest = max(greatest ?? record.time, record.time)
            } else {
                next = Trade(record, instrument: instrument, id: id)
                if record.time > latestTime { next?.discard = .time }
            }
            return .trades
        }
    }
}
