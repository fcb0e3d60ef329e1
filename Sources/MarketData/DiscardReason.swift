/// Why a record of a stream is not a trade of the market.
public enum DiscardReason: String, Sendable, CaseIterable {
    /// Insurance fund, auto-deleveraging and the like: no one chose this price.
    case orderType = "order_type"
    /// A price of zero or less.
    case price
    /// A quantity below zero.
    case quantity
    /// More digits than a ``FixedDecimal`` holds.
    case decimalOverflow = "decimal_overflow"
    /// An id outside ``TradeSequence/validIDs``, or one far from all others that no other trade confirms.
    case id
    /// A trade time that the venue's clock had not reached: using it would close every bar until then. The id stays
    /// missing, so that it is requested from the venue.
    case time

    /// What keeps a record from being a trade, whatever its source made of it; nil where nothing does.
    init?(faultOf trade: Trade) {
        if trade.price.mantissa <= 0 {
            self = .price
        } else if trade.quantity.mantissa < 0 {
            self = .quantity
        } else {
            return nil
        }
    }

    /// What the ids of such records are called among the gaps.
    var gapState: IDGapState {
        switch self {
        case .orderType, .price, .quantity: .discarded
        case .decimalOverflow, .id: .unrepairable
        case .time: .open
        }
    }
}
