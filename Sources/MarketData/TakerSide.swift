/// Who crossed the spread in a trade.
public enum TakerSide: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    /// Not stated by the source.
    case unknown = 0
    /// The buyer matched a resting offer.
    case buy = 1
    /// The seller hit a resting bid.
    case sell = 2

    /// `buy`, `sell` or `unknown`, as the database shows it.
    public var description: String {
        switch self {
        case .unknown: "unknown"
        case .buy: "buy"
        case .sell: "sell"
        }
    }
}
