/// Builds the bars of one instrument and timeframe from its trades, on exchange time.
///
/// Bars are right-open and aligned to the epoch. A bar closes when the watermark passes its end; until then trades join
/// it in any order. A bar without trades carries the price of the last trade before its end, for at most `carryLimit`
/// bars after that trade's; a bar that overlaps missing trades is a gap and has no value.
public struct BarBuilder: Sendable {
    /// The instrument whose bars these are.
    public let instrument: InstrumentID
    /// The length of the bars.
    public let timeframe: Timeframe
    private let carryLimit: Int
    private var forming: [FormingBar] = []
    /// The first slot still open to trades, nil before the first close.
    private var nextSlot: Int64?
    /// The newest trade before ``nextSlot``; a close that has been told stands for the end of its bar, so that trades
    /// that came late for it change nothing.
    private var last: (time: Timestamp, id: Int64, price: Double)?
    /// Where a run that goes on needs the trades on disk from.
    private var resumeTime: Timestamp?

    /// A builder that has seen nothing.
    public init(instrument: InstrumentID, timeframe: Timeframe, carryLimit: Int) {
        self.instrument = instrument
        self.timeframe = timeframe
        self.carryLimit = carryLimit
    }

    /// The moment from which trades still matter: the open time of the next bar or, after a resume, the end of the last
    /// traded bar. Nil before the first trade.
    public var openTime: Timestamp? {
        resumeTime ?? (nextSlot ?? forming.first?.slot).map(timeframe.openTime(of:))
    }

    /// Goes on behind bars that an earlier run closed, in ascending order.
    /// - Parameters:
    ///   - bars: the bars, without which the bar before the last trade's is the first to close.
    ///   - lastTradeTime: the time of the last trade on disk.
    public mutating func resume(after bars: [Bar], lastTradeTime: Timestamp? = nil) {
        guard let newest = bars.last else {
            // The bar before may have been open still, waiting for trades out of order.
            resumeTime = lastTradeTime.map { timeframe.openTime(of: timeframe.slot(of: $0) - 1) }
            return
        }
        nextSlot = newest.slot + 1
        // Trades that came late, or into a bar that is a gap, are newer than any price that the bars tell.
        let start = bars.last { $0.state == .traded }?.closeTime ?? bars[0].openTime
        last = bars.last { $0.prices != nil }?.prices.map { (start - 1, .max, $0.close) }
        resumeTime = start
    }

    /// Takes a trade.
    /// - Returns: false when its bar has closed already: the trade is late and joined no bar.
    public mutating func add(_ trade: Trade, price: Double) -> Bool {
        let slot = timeframe.slot(of: trade.time)
        if let last = forming.indices.last, forming[last].slot == slot {
            forming[last].add(trade, price: price)
            return true
        }
        if let nextSlot, slot < nextSlot {
            remember(time: trade.time, id: trade.id, price: price)
            return false
        }
        let index = forming.lastIndex { $0.slot <= slot }
        if let index, forming[index].slot == slot {
            forming[index].add(trade, price: price)
        } else {
            let bar = FormingBar(slot: slot, trade: trade, price: price)
            forming.insert(bar, at: index.map { $0 + 1 } ?? 0)
        }
        return true
    }

    /// Closes every bar that ends at or before the watermark.
    /// - Parameters:
    ///   - watermark: no trade before it is still expected.
    ///   - sequence: knows which trades are missing.
    ///   - bars: receives the closed bars, in order.
    public mutating func close(upTo watermark: Timestamp, sequence: TradeSequence, into bars: inout [Bar]) {
        let end = timeframe.slot(of: watermark)
        guard var slot = nextSlot ?? forming.first?.slot, slot < end else { return }
        var closedCount = 0
        while slot < end {
            let formed = closedCount < forming.count ? forming[closedCount] : nil
            if let formed, formed.slot == slot {
                let bar = bar(slot: slot, state: .traded, prices: formed.prices, sequence: sequence)
                bars.append(bar)
                if bar.state == .traded {
                    remember(time: bar.closeTime - 1, id: .max, price: formed.close)
                } else {
                    remember(time: formed.lastTime, id: formed.lastID, price: formed.close)
                }
                closedCount += 1
            } else if let last, slot - timeframe.slot(of: last.time) <= carryLimit {
                bars.append(bar(slot: slot, state: .carried, prices: .carried(last.price), sequence: sequence))
            } else {
                slot = min(end, formed?.slot ?? end)
                continue
            }
            slot += 1
        }
        forming.removeFirst(closedCount)
        nextSlot = end
        resumeTime = nil
    }

    /// Bars that closed in a span and overlap missing trades, as the gaps that they are.
    ///
    /// No bar closes more than `carryLimit` bars after the last trade before a hole, so there are few.
    func gaps(in span: Range<Timestamp>, sequence: TradeSequence) -> [Bar] {
        let first = timeframe.slot(of: span.lowerBound)
        let last = min(timeframe.slot(of: span.upperBound) - 1, first + Int64(carryLimit))
        guard first <= last else { return [] }
        return (first...last).filter { isGap($0, sequence) }.map { slot in
            Bar(instrument: instrument, timeframe: timeframe, slot: slot, state: .gap, prices: nil)
        }
    }

    private mutating func remember(time: Timestamp, id: Int64, price: Double) {
        if let last, (time, id) < (last.time, last.id) { return }
        last = (time, id, price)
    }

    private func bar(slot: Int64, state: BarState, prices: BarPrices, sequence: TradeSequence) -> Bar {
        let isGap = isGap(slot, sequence)
        return Bar(
            instrument: instrument,
            timeframe: timeframe,
            slot: slot,
            state: isGap ? .gap : state,
            prices: isGap ? nil : prices
        )
    }

    private func isGap(_ slot: Int64, _ sequence: TradeSequence) -> Bool {
        sequence.hasOpenHole(from: timeframe.openTime(of: slot), to: timeframe.closeTime(of: slot))
    }
}
