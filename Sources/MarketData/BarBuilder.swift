/// Builds the bars of one instrument and timeframe from its trades, on exchange time.
///
/// Bars are right-open and aligned to the epoch. A bar closes when the watermark passes its end; until then trades join
/// it in any order. A bar without trades carries the last close, for at most `carryLimit` bars after a trade; a bar that
/// overlaps missing trades is a gap and has no value.
public struct BarBuilder: Sendable {
    /// The instrument whose bars these are.
    public let instrument: InstrumentID
    /// The length of the bars.
    public let timeframe: Timeframe
    private let carryLimit: Int
    private var forming: [FormingBar] = []
    private var nextSlot: Int64?
    private var lastClose: Double?
    private var barsSinceTrade = 0

    /// A builder that has seen nothing.
    public init(instrument: InstrumentID, timeframe: Timeframe, carryLimit: Int) {
        self.instrument = instrument
        self.timeframe = timeframe
        self.carryLimit = carryLimit
    }

    /// The first moment that the next bar to close covers, nil before the first trade.
    public var openTime: Timestamp? { nextSlot.map(timeframe.openTime(of:)) }

    /// Goes on behind bars that an earlier run closed, in ascending order.
    public mutating func resume(after bars: [Bar]) {
        guard let last = bars.last else { return }
        nextSlot = last.slot + 1
        lastClose = bars.last { $0.prices != nil }?.prices?.close
        let lastTraded = bars.last { $0.state == .traded }
        barsSinceTrade = lastTraded.map { Int(clamping: last.slot - $0.slot) } ?? bars.count
    }

    /// Takes a trade.
    /// - Returns: false when its bar has closed already: the trade is late and was not used.
    public mutating func add(_ trade: Trade, price: Double, quantity: Double) -> Bool {
        let slot = timeframe.slot(of: trade.time)
        if let last = forming.indices.last, forming[last].slot == slot {
            forming[last].add(trade, price: price, quantity: quantity)
            return true
        }
        if let nextSlot, slot < nextSlot { return false }
        if nextSlot == nil { nextSlot = slot }
        let index = forming.lastIndex { $0.slot <= slot }
        if let index, forming[index].slot == slot {
            forming[index].add(trade, price: price, quantity: quantity)
        } else {
            let bar = FormingBar(slot: slot, trade: trade, price: price, quantity: quantity)
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
        guard var slot = nextSlot, slot < end else { return }
        while slot < end {
            let formed = forming.first?.slot == slot ? forming.removeFirst() : nil
            if let formed {
                lastClose = formed.prices.close
                barsSinceTrade = 0
            } else {
                barsSinceTrade += 1
                if barsSinceTrade > carryLimit {
                    slot = min(end, forming.first?.slot ?? end)
                    continue
                }
            }
            bars.append(bar(slot: slot, formed: formed, sequence: sequence))
            slot += 1
        }
        nextSlot = end
    }

    private func bar(slot: Int64, formed: FormingBar?, sequence: TradeSequence) -> Bar {
        let start = timeframe.openTime(of: slot)
        let end = timeframe.closeTime(of: slot)
        let prices = formed?.prices ?? lastClose.map(BarPrices.carried)
        if prices == nil || sequence.hasOpenHole(from: start, to: end) {
            return Bar(instrument: instrument, timeframe: timeframe, slot: slot, state: .gap, prices: nil)
        }
        let state: BarState = formed == nil ? .carried : .traded
        return Bar(instrument: instrument, timeframe: timeframe, slot: slot, state: state, prices: prices)
    }
}
