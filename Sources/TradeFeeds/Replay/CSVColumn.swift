/// What a column of a CSV of trades holds, by the names it may have in the header.
enum CSVColumn: String, CaseIterable {
    case milliseconds, microseconds, symbol, id, price, quantity, buyerIsMaker, takerSide, orderType

    var names: [String] {
        switch self {
        case .milliseconds: ["ts_ms", "time_ms"]
        case .microseconds: ["ts_us", "time_us"]
        case .symbol: ["symbol"]
        case .id: ["trade_id", "id"]
        case .price: ["price"]
        case .quantity: ["qty", "quantity"]
        case .buyerIsMaker: ["is_buyer_maker"]
        case .takerSide: ["taker_side"]
        case .orderType: ["order_type"]
        }
    }
}
