import MarketData
import PairEngine
import RealModule

extension PairAnalysis {
    /// The slots of two legs' bars, from the first that both have to the last, and which slot the first is.
    /// - Parameters:
    ///   - y: bars of one timeframe, by ascending slot.
    ///   - x: bars of the same timeframe, by ascending slot.
    ///   - price: the scale of the values.
    static func slots(y: [Bar], x: [Bar], price: PriceScale) -> (slots: [Slot], first: Int64) {
        guard let first = Set(y.map(\.slot)).intersection(x.map(\.slot)).min(),
            let last = Set(y.map(\.slot)).intersection(x.map(\.slot)).max()
        else { return ([], 0) }
        let slots: [Slot] = zip(placed(y, first...last), placed(x, first...last)).map { y, x in
            guard let y, let x, let yClose = y.prices?.close, let xClose = x.prices?.close else { return nil }
            return (
                x: price == .log ? .log(xClose) : xClose,
                y: price == .log ? .log(yClose) : yClose,
                isCarried: y.state == .carried || x.state == .carried
            )
        }
        return (slots, first)
    }

    /// One for each slot, nil where there is none.
    private static func placed(_ bars: [Bar], _ slots: ClosedRange<Int64>) -> [Bar?] {
        var placed = [Bar?](repeating: nil, count: slots.count)
        for bar in bars where slots.contains(bar.slot) { placed[Int(bar.slot - slots.lowerBound)] = bar }
        return placed
    }
}
