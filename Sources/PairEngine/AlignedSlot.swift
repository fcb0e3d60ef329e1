import MarketData
import PairStatistics
import RealModule

/// Both legs' closes of one bar of the grid, in the pair's price scale.
struct AlignedSlot: Sendable {
    /// One leg's part.
    enum Leg: Sendable {
        /// The close; carried when no trade fell into the bar.
        case close(Double, isCarried: Bool)
        /// Trades of this bar are known to be missing.
        case gap
        /// The leg brought no bar.
        case absent

        /// What a bar means to its pairs.
        init(_ bar: Bar, price: PriceScale) {
            guard let close = bar.prices?.close else {
                self = .gap
                return
            }
            let value = price == .log ? Double.log(close) : close
            self = value.isFinite ? .close(value, isCarried: bar.state == .carried) : .gap
        }

        /// The close, or NaN.
        var value: Double {
            if case .close(let value, _) = self { value } else { .nan }
        }
    }

    let slot: Int64
    let y: Leg
    let x: Leg

    /// The legs that brought no bar.
    var absent: AbsentLegs {
        var legs: AbsentLegs = []
        if case .absent = x { legs.insert(.x) }
        if case .absent = y { legs.insert(.y) }
        return legs
    }

    /// What the slot rests on.
    var flags: SlotFlags {
        if case (.close(_, let yIsCarried), .close(_, let xIsCarried)) = (y, x) {
            return yIsCarried || xIsCarried ? .carried : []
        }
        return missing == .gap ? .lost : []
    }

    /// Why there is no value in this slot, nil when both legs have a close.
    var missing: UndefinedReason? {
        switch (y, x) {
        case (.close, .close): nil
        case (.absent, _), (_, .absent): .stale
        default: .gap
        }
    }
}
