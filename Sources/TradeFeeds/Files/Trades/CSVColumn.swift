/// What a column of a CSV of trades holds, by the names it may have in the header.
enum CSVColumn: String, CaseIterable {
    case milliseconds, microseconds, time, venue, symbol, stream, id, aggregateID, price, quantity, buyerIsMaker
    case takerSide, orderType, bestMatch

    var names: [String] {
        switch self {
        case .milliseconds: ["ts_ms", "time_ms"]
        case .microseconds: ["ts_us", "time_us"]
        case .time: ["time", "transact_time", "timestamp"]
        case .venue: ["venue"]
        case .symbol: ["symbol"]
        case .stream: ["stream"]
        case .id: ["trade_id", "id"]
        case .aggregateID: ["agg_trade_id"]
        case .price: ["price"]
        case .quantity: ["qty", "quantity"]
        case .buyerIsMaker: ["is_buyer_maker"]
        case .takerSide: ["taker_side"]
        case .orderType: ["order_type"]
        case .bestMatch: ["is_best_match"]
        }
    }

    /// The column of each name.
    static let byName = Dictionary(
        uniqueKeysWithValues: allCases.flatMap { column in column.names.map { ($0, column) } }
    )
}
