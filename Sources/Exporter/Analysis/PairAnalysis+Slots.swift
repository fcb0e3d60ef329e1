import MarketData
import PairEngine
import RealModule

extension PairAnalysis {
    /// A slot in which a leg has a bar. Slots between two of them have none and need no memory.
    struct PlacedSlot: Sendable {
        let slot: Int64
        /// Nil where a leg has no value.
        let value: Slot
    }

    /// The slots of two legs' bars, from the first that both have to the last.
    /// - Parameters:
    ///   - y: bars of one timeframe, by ascending slot.
    ///   - x: bars of the same timeframe, by ascending slot.
    ///   - price: the scale of the values.
    static func slots(y: [Bar], x: [Bar], price: PriceScale) -> [PlacedSlot] {
        let bars = Dictionary(x.map { ($0.slot, $0) }) { $1 }
        let common = y.map(\.slot).filter { bars[$0] != nil }
        guard let first = common.first, let last = common.last else { return [] }
        let yOnly = y.filter { (first...last).contains($0.slot) }
        let taken = Set(yOnly.map(\.slot))
        var slots = yOnly.map { bar in PlacedSlot(slot: bar.slot, value: value(y: bar, x: bars[bar.slot], price)) }
        for bar in x where (first...last).contains(bar.slot) && !taken.contains(bar.slot) {
            slots.append(PlacedSlot(slot: bar.slot, value: nil))
        }
        return slots.sorted { $0.slot < $1.slot }
    }

    private static func value(y: Bar, x: Bar?, _ price: PriceScale) -> Slot {
        guard let x, let yClose = y.prices?.close, let xClose = x.prices?.close else { return nil }
        return (
            x: price == .log ? .log(xClose) : xClose,
            y: price == .log ? .log(yClose) : yClose,
            isCarried: y.state == .carried || x.state == .carried
        )
    }

    /// The newest slots that have values enough for a window over all of them: all, where the gaps are few, otherwise
    /// those behind a gap that is too long.
    static func filled(_ slots: [PlacedSlot], minimumFill: Double) -> ArraySlice<PlacedSlot> {
        guard let last = slots.last?.slot else { return slots[...] }
        var values = slots.count { $0.value != nil }
        for (index, slot) in slots.enumerated() where slot.value != nil {
            if Double(values) >= minimumFill * Double(last - slot.slot + 1) { return slots[index...] }
            values -= 1
        }
        return slots[...]
    }
}
