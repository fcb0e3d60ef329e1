import MarketData

/// The bars of two legs at one timeframe, from the first slot that both have to the last.
struct PairBars: Sendable {
    /// The numbers of the explained leg and of the explaining leg in these bars; elsewhere they have others.
    static let (y, x) = (InstrumentID(0), InstrumentID(1))

    /// By ascending slot.
    let bars: [Bar]
    /// The slots from the first bar to the last; nil where no slot has a bar of both legs.
    let slots: ClosedRange<Int64>?
    /// Slots in which both legs have a close.
    let values: Int

    /// Slots with a bar.
    var count: Int { Set(bars.lazy.map(\.slot)).count }

    /// Slots with and without bars.
    var span: Int { slots.map { Int($0.upperBound - $0.lowerBound + 1) } ?? 0 }

    /// - Parameters:
    ///   - y: bars of one timeframe, by ascending slot.
    ///   - x: bars of the same timeframe, by ascending slot.
    init(y: [Bar], x: [Bar]) {
        let own = Set(x.map(\.slot))
        let common = y.lazy.map(\.slot).filter { own.contains($0) }
        guard let first = common.first, let last = y.last(where: { own.contains($0.slot) })?.slot else {
            self.init([], slots: nil)
            return
        }
        var bars: [Bar] = []
        for (leg, id) in [(y, Self.y), (x, Self.x)] {
            for var bar in leg where (first...last).contains(bar.slot) {
                bar.instrument = id
                bars.append(bar)
            }
        }
        self.init(bars.sorted { ($0.slot, $0.instrument) < ($1.slot, $1.instrument) }, slots: first...last)
    }

    private init(_ bars: [Bar], slots: ClosedRange<Int64>?) {
        self.bars = bars
        self.slots = slots
        values = Self.valueSlots(bars).count
    }

    /// The newest slots with enough values for a window over all of them: all slots, where the gaps are short,
    /// otherwise those after a gap that is too long.
    func filled(minimumFill: Double) -> PairBars {
        guard let last = slots?.upperBound else { return self }
        var values = values
        for slot in Self.valueSlots(bars) {
            if Double(values) >= minimumFill * Double(last - slot + 1) {
                return PairBars(Array(bars.drop { $0.slot < slot }), slots: slot...last)
            }
            values -= 1
        }
        return self
    }

    private static func valueSlots(_ bars: [Bar]) -> [Int64] {
        zip(bars, bars.dropFirst()).compactMap { first, second in
            first.slot == second.slot && first.prices != nil && second.prices != nil ? first.slot : nil
        }
    }
}
