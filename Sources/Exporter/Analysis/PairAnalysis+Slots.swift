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
        let ys = closes(y, first...last)
        let xs = closes(x, first...last)
        let slots: [Slot] = zip(ys, xs).map { y, x in
            guard let y, let x else { return nil }
            return price == .log ? (x: .log(x), y: .log(y)) : (x: x, y: y)
        }
        return (slots, first)
    }

    private static func closes(_ bars: [Bar], _ slots: ClosedRange<Int64>) -> [Double?] {
        var closes = [Double?](repeating: nil, count: slots.count)
        for bar in bars where slots.contains(bar.slot) {
            closes[Int(bar.slot - slots.lowerBound)] = bar.prices?.close
        }
        return closes
    }
}
