/// Everything that one instrument's trades are turned into: checked ids, bars of every timeframe, and counts.
public struct InstrumentTape: Sendable {
    /// The instrument of the tape.
    public let instrument: InstrumentID
    /// What has happened so far.
    public private(set) var counts = InstrumentCounts()
    private var sequence: TradeSequence
    private var builders: [BarBuilder]

    /// An empty tape.
    public init(instrument: InstrumentID, timeframes: [Timeframe], carryLimit: Int) {
        self.instrument = instrument
        sequence = TradeSequence(instrument: instrument)
        builders = timeframes.sorted().map {
            BarBuilder(instrument: instrument, timeframe: $0, carryLimit: carryLimit)
        }
        for timeframe in timeframes {
            counts.bars[timeframe] = Dictionary(uniqueKeysWithValues: BarState.allCases.map { ($0, 0) })
        }
        for reason in DiscardReason.allCases {
            counts.discarded[reason] = 0
        }
    }

    /// The earliest moment that a bar still open to trades covers, nil before the first trade.
    public var openTime: Timestamp? {
        builders.compactMap(\.openTime).min()
    }

    /// Goes on where an earlier run stopped: ids, then the bars it closed per timeframe, in ascending order.
    public mutating func resume(last: Trade?, openHoles: [OpenHole], bars: [Timeframe: [Bar]]) {
        if let last {
            sequence.resume(lastID: last.id, lastTime: last.time, openHoles: openHoles)
            counts.unrepaired = sequence.missingCount
            counts.lastPrice = last.price.doubleValue
            counts.lastTradeTime = last.time
        }
        for index in builders.indices {
            builders[index].resume(after: bars[builders[index].timeframe] ?? [])
        }
    }

    /// Puts trades of an earlier run back into the bars that had not closed when it ended.
    public mutating func rebuild(from trades: [Trade]) {
        for trade in trades {
            let (price, quantity) = (trade.price.doubleValue, trade.quantity.doubleValue)
            for index in builders.indices {
                _ = builders[index].add(trade, price: price, quantity: quantity)
            }
        }
    }

    /// Takes one record in order of arrival.
    /// - Parameters:
    ///   - trade: the record.
    ///   - output: receives the trade when it is new, and what became of holes.
    /// - Returns: whether the record's time may move the watermark.
    public mutating func append(_ trade: Trade, into output: inout TapeOutput) -> Bool {
        guard TradeSequence.validIDs.contains(trade.id) else {
            counts.discarded[.id, default: 0] += 1
            return false
        }
        let admission = sequence.admit(
            id: trade.id,
            time: trade.time,
            discard: trade.discard,
            changes: &output.holeChanges
        )
        switch admission {
        case .next: break
        case .duplicate:
            counts.duplicates += 1
            return false
        case .afterHole(let missing):
            counts.gaps += 1
            counts.missing += missing
            counts.unrepaired = sequence.missingCount
        case .fillsHole:
            counts.repaired += 1
            counts.unrepaired = sequence.missingCount
        }
        if let reason = trade.discard {
            counts.discarded[reason, default: 0] += 1
            return reason != .time
        }
        output.trades.append(trade)
        record(trade)
        return true
    }

    /// Closes every bar that ends at or before the watermark.
    public mutating func close(upTo watermark: Timestamp, into output: inout TapeOutput) {
        for index in builders.indices {
            let first = output.bars.count
            builders[index].close(upTo: watermark, sequence: sequence, into: &output.bars)
            for bar in output.bars[first...] {
                counts.bars[bar.timeframe, default: [:]][bar.state, default: 0] += 1
            }
        }
    }

    private mutating func record(_ trade: Trade) {
        let (price, quantity) = (trade.price.doubleValue, trade.quantity.doubleValue)
        counts.trades += 1
        counts.volume += quantity
        if trade.time >= counts.lastTradeTime ?? trade.time {
            counts.lastPrice = price
            counts.lastTradeTime = trade.time
        }
        var isLate = false
        for index in builders.indices where !builders[index].add(trade, price: price, quantity: quantity) {
            isLate = true
        }
        if isLate { counts.late += 1 }
    }
}
