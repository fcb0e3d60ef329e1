/// Builds the bars of one instrument and timeframe from its trades, on exchange time.
///
/// Bars are right-open and aligned to the epoch. A bar closes when the watermark passes its end; until then trades join
/// it in any order. A bar without trades carries the price of the last trade before its end, for at most `carryLimit`
/// bars after the bar of that trade; a bar that overlaps missing trades is a gap and has no value. Trades of a bar that
/// has closed still join it, and ``revised(in:sequence:)`` returns its new value.
public struct BarBuilder: Sendable {
    /// The instrument whose bars these are.
    public let instrument: InstrumentID
    /// The length of the bars.
    public let timeframe: Timeframe
    private let carryLimit: Int
    private var forming: [FormingBar] = []
    private var closed = RecentBars()
    /// The venue's own candles of slots that have not closed, used where trades are missing.
    private var candles: [Int64: BarPrices] = [:]
    /// The first slot still open to trades, nil before the first close.
    private var nextSlot: Int64?
    /// The newest trade before ``nextSlot``.
    private var last: (time: Timestamp, id: Int64, price: Double)?
    /// The moment from which a resumed run needs the trades on disk.
    private var resumeTime: Timestamp?

    /// An empty builder.
    public init(instrument: InstrumentID, timeframe: Timeframe, carryLimit: Int) {
        self.instrument = instrument
        self.timeframe = timeframe
        self.carryLimit = carryLimit
    }

    /// The moment from which trades still change bars: the open time of the next bar or, after a resume, of the first
    /// bar whose trades may still change. Nil before the first trade.
    public var openTime: Timestamp? {
        resumeTime ?? (nextSlot ?? forming.first?.slot).map(timeframe.openTime(of:))
    }

    /// Continues after bars that an earlier run closed, in ascending order.
    /// - Parameters:
    ///   - bars: the bars; where there are none, the bar before that of the last trade closes first.
    ///   - lastTradeTime: the time of the last trade on disk.
    ///   - reopening: the earliest moment whose bar may still receive trades, nil where there is none.
    public mutating func resume(after bars: [Bar], lastTradeTime: Timestamp? = nil, reopening: Timestamp? = nil) {
        let reopened = [lastTradeTime, reopening].compactMap(\.self).min().map(timeframe.slot(of:))
        guard let newest = bars.last else {
            // The bar before may have been open still, waiting for trades out of order.
            let slot = lastTradeTime.map { timeframe.slot(of: $0) - 1 }
            resumeTime = [slot, reopened].compactMap(\.self).min().map(timeframe.openTime(of:))
            return
        }
        nextSlot = newest.slot + 1
        // Late trades, or those of a bar that is a gap, are newer than any price of the bars.
        let start = bars.last { $0.state == .traded }?.closeTime ?? bars[0].openTime
        let begin = min(start, reopened.map(timeframe.openTime(of:)) ?? start)
        // The last trade on disk, or a candle after it.
        let isNewest = lastTradeTime.map { $0 < start && timeframe.closeTime(of: timeframe.slot(of: $0)) == start }
        let time = isNewest == true ? lastTradeTime : start - 1
        last = bars.last { $0.prices != nil }?.prices.map { (time ?? start - 1, isNewest == true ? 0 : .max, $0.close) }
        resumeTime = begin
        closed.markComplete(since: timeframe.slot(of: begin))
    }

    /// Adds a trade.
    /// - Parameter fillsGap: whether its id was known to be missing.
    /// - Returns: false when its bar has closed already: the trade is late.
    public mutating func add(_ trade: Trade, price: Double, fillsGap: Bool = false) -> Bool {
        if let last = forming.indices.last, timeframe.contains(trade.time, slot: forming[last].slot) {
            forming[last].add(trade, price: price)
            return true
        }
        let slot = timeframe.slot(of: trade.time)
        if let nextSlot, slot < nextSlot {
            record(time: trade.time, id: trade.id, price: price)
            closed.add(trade, price: price, slot: slot, fillsGap: fillsGap)
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
    ///   - sequence: which trades are missing.
    ///   - bars: receives the closed bars, in order.
    public mutating func close(upTo watermark: Timestamp, sequence: TradeSequence, into bars: inout [Bar]) {
        let end = timeframe.slot(of: watermark)
        guard var slot = nextSlot ?? forming.first?.slot, slot < end else { return }
        var closedCount = 0
        while slot < end {
            let formed = closedCount < forming.count ? forming[closedCount] : nil
            if let formed, formed.slot == slot {
                bars.append(bar(slot: slot, state: .traded, prices: formed.prices, sequence: sequence))
                record(time: formed.lastTime, id: formed.lastID, price: formed.close)
                closed.append(formed)
                closedCount += 1
            } else if let last, slot - timeframe.slot(of: last.time) <= carryLimit {
                bars.append(bar(slot: slot, state: .carried, prices: .carried(last.price), sequence: sequence))
            } else if candles[slot] != nil, isGap(slot, sequence) {
                bars.append(bar(slot: slot, state: .gap, prices: .carried(0), sequence: sequence))
            } else {
                let candle = candles.keys.filter { $0 > slot }.min() ?? end
                slot = min(end, formed?.slot ?? end, candle)
                continue
            }
            slot += 1
        }
        if !candles.isEmpty { candles = candles.filter { $0.key >= end } }
        forming.removeFirst(closedCount)
        nextSlot = end
        resumeTime = nil
        closed.trim { [timeframe] slot in
            sequence.hasOpenGap(from: timeframe.openTime(of: slot), to: timeframe.closeTime(of: slot))
        }
    }

    /// The bars that closed in a span and overlap missing trades, each in state ``BarState/gap``.
    ///
    /// No bar closes more than `carryLimit` bars after the last trade before a gap, so there are few.
    func gaps(in span: Range<Timestamp>, sequence: TradeSequence) -> [Bar] {
        let first = timeframe.slot(of: span.lowerBound)
        let last = min(timeframe.slot(of: span.upperBound) - 1, first + Int64(carryLimit))
        guard first <= last else { return [] }
        return (first...last).filter { isGap($0, sequence) }.map { slot in
            Bar(instrument: instrument, timeframe: timeframe, slot: slot, state: .gap, prices: nil)
        }
    }

    /// The bars that closed in a span, late trades included, and the bars after it that carry its last close. Gaps are
    /// left out.
    public func revised(in span: Range<Timestamp>, sequence: TradeSequence) -> [Bar] {
        guard let nextSlot else { return [] }
        let end = min(nextSlot, timeframe.slot(of: span.upperBound - 1) + 1)
        var position = closed.firstIndex(from: timeframe.slot(of: span.lowerBound))
        guard position < closed.bars.count, closed.bars[position].slot < end else { return [] }
        var slot = closed.bars[position].slot
        var bars: [Bar] = []
        while slot < nextSlot {
            if position < closed.bars.count, closed.bars[position].slot == slot {
                if slot >= end { break }
                bars.append(bar(slot: slot, state: .traded, prices: closed.bars[position].prices, sequence: sequence))
                position += 1
            } else if slot >= end, slot < closed.completeSince {
                // The trades of this bar are not kept.
                break
            } else if slot - closed.bars[position - 1].slot <= carryLimit {
                let prices = BarPrices.carried(closed.bars[position - 1].close)
                bars.append(bar(slot: slot, state: .carried, prices: prices, sequence: sequence))
            } else if position < closed.bars.count {
                slot = closed.bars[position].slot
                continue
            } else {
                break
            }
            slot += 1
        }
        return bars.filter { $0.state != .gap }
    }

    /// The venue's own candles that add to the trades: those before the first bar, and those of bars that are gaps or
    /// were never published because trades are missing. Later ones are used when their bar closes as a gap.
    mutating func adopt(_ candles: [Bar], sequence: TradeSequence) -> [Bar] {
        guard let first = nextSlot ?? forming.first?.slot else {
            if let newest = candles.last {
                nextSlot = newest.slot + 1
                last = newest.prices.map { (newest.closeTime - 1, .max, $0.close) }
            }
            return candles
        }
        if nextSlot != nil {
            for candle in candles where candle.slot >= first { self.candles[candle.slot] = candle.prices }
        }
        let start = closed.firstSlot ?? forming.first?.slot ?? first
        return candles.filter { $0.slot < start || ($0.slot < first && isGap($0.slot, sequence)) }
    }

    private mutating func record(time: Timestamp, id: Int64, price: Double) {
        if let last, (time, id) < (last.time, last.id) { return }
        last = (time, id, price)
    }

    private func bar(slot: Int64, state: BarState, prices: BarPrices, sequence: TradeSequence) -> Bar {
        let isGap = isGap(slot, sequence)
        var bar = Bar(
            instrument: instrument,
            timeframe: timeframe,
            slot: slot,
            state: isGap ? .gap : state,
            prices: isGap ? nil : prices
        )
        if isGap, let candle = candles[slot] {
            (bar.state, bar.origin, bar.prices) = (candle.trades > 0 ? .traded : .carried, .klines, candle)
        }
        return bar
    }

    private func isGap(_ slot: Int64, _ sequence: TradeSequence) -> Bool {
        sequence.hasOpenGap(from: timeframe.openTime(of: slot), to: timeframe.closeTime(of: slot))
    }
}
