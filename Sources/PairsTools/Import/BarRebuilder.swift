import MarketData
import TradeStore

/// Builds the bars of an extent from trades that are nearly in the order of time.
struct BarRebuilder {
    private let extent: RebuildExtent
    private let instrument: InstrumentID
    /// Microseconds by which a trade may lie behind a later one.
    private let lateness: Int64
    /// Where trades are missing, ascending and apart.
    private let gaps: [ClosedRange<Timestamp>]
    private var builders: [BarBuilder]
    private var closes: ArraySlice<RebuildExtent.KeptClose>
    private var latest = Timestamp(microseconds: .min)
    /// Without gaps in ids: here gaps are given by time.
    private let sequence: TradeSequence

    init(
        _ extent: RebuildExtent,
        of instrument: InstrumentID,
        carryLimit: Int,
        lateness: Int64,
        gaps: [ClosedRange<Timestamp>]
    ) {
        self.extent = extent
        self.instrument = instrument
        self.lateness = lateness
        self.gaps = gaps
        closes = extent.closes[...]
        sequence = TradeSequence(instrument: instrument)
        builders = extent.slots.keys.sorted().map {
            BarBuilder(instrument: instrument, timeframe: $0, carryLimit: carryLimit)
        }
    }

    /// Adds trades; returns the bars that have closed.
    mutating func add(_ trades: [Trade]) -> [RebuiltBar] {
        for trade in trades where extent.times.contains(trade.time) {
            addCloses(before: trade.time)
            let price = trade.price.doubleValue
            for index in builders.indices { _ = builders[index].add(trade, price: price) }
            latest = max(latest, trade.time)
        }
        return close(upTo: min(latest - lateness, extent.end))
    }

    /// Closes the bars up to the end of the extent.
    mutating func finish() -> [RebuiltBar] {
        addCloses(before: extent.end)
        return close(upTo: extent.end)
    }

    /// Adds the closes whose trades are not on disk, each only to the bars of its length.
    private mutating func addCloses(before time: Timestamp) {
        while let close = closes.first, close.time < time {
            closes.removeFirst()
            guard let index = builders.firstIndex(where: { $0.timeframe == close.timeframe }) else { continue }
            let none = FixedDecimal(mantissa: 0, scale: 0)
            let trade = Trade(
                instrument: instrument,
                id: 0,
                time: close.time,
                price: none,
                quantity: none,
                takerSide: .unknown
            )
            _ = builders[index].add(trade, price: close.close)
        }
    }

    private mutating func close(upTo watermark: Timestamp) -> [RebuiltBar] {
        var bars: [Bar] = []
        for index in builders.indices { builders[index].close(upTo: watermark, sequence: sequence, into: &bars) }
        return bars.map { bar in
            var rebuilt = RebuiltBar(bar, trades: bar.prices?.trades ?? 0)
            if isGap(bar) { (rebuilt.bar.state, rebuilt.bar.prices) = (.gap, nil) }
            return rebuilt
        }
    }

    private func isGap(_ bar: Bar) -> Bool {
        var candidates = gaps.indices
        while !candidates.isEmpty {
            let middle = candidates.lowerBound + candidates.count / 2
            if gaps[middle].upperBound < bar.openTime {
                candidates = (middle + 1)..<candidates.upperBound
            } else if gaps[middle].lowerBound >= bar.closeTime {
                candidates = candidates.lowerBound..<middle
            } else {
                return true
            }
        }
        return false
    }
}
