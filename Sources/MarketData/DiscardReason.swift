/// Why a record of a stream is not a trade of the market.
public enum DiscardReason: String, Sendable, CaseIterable {
    /// An order of an insurance fund, of auto-deleveraging and the like, whose price is not a market price.
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

    /// Why a record is not a trade, by its price and quantity alone; nil where it is one.
    init?(faultOf trade: Trade) {
        if trade.price.mantissa <= 0 {
            self = .price
        } else if trade.quantity.mantissa < 0 {
            self = .quantity
        } else {
            return nil
        }
    }

    /// The state of the gap that the ids of such records form.
    var gapState: IDGapState {
        switch self {
        case .orderType, .price, .quantity: .discarded
        case .decimalOverflow, .id: .unrepairable
        case .time: .open
        }
    }
}
