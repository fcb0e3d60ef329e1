import MarketData
import PairStatistics
import RealModule

/// Both legs' closes of one bar of the grid, in the pair's price scale.
struct AlignedSlot: Sendable {
    /// One leg of the slot.
    enum Leg: Sendable {
        /// The close; carried when no trade fell into the bar.
        case close(Double, isCarried: Bool)
        /// Trades of this bar are known to be missing.
        case gap
        /// The leg has no bar.
        case absent

        /// The leg of a slot from its bar.
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

    /// The legs without a bar.
    var absent: AbsentLegs {
        var legs: AbsentLegs = []
        if case .absent = x { legs.insert(.x) }
        if case .absent = y { legs.insert(.y) }
        return legs
    }

    /// The quality of the slot.
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
