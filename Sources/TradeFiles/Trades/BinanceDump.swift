import MarketData

/// The public dumps of Binance, detected by their columns (github.com/binance/binance-public-data).
enum BinanceDump {
    /// The stream and venue that follow from the columns of a dump.
    struct Origin: Hashable {
        let stream: String
        /// Nil where both kinds of futures have these columns, or there is no venue for the kind.
        let venue: Venue?
    }

    /// The stream of single trades; also the name for trades with ids of which no stream is stated.
    static let tradeStream = "trade"
    /// The stream of trades of one taker order at one price.
    static let aggregateStream = "aggTrade"

    private static let trades = "id,price,qty,quote_qty,time,is_buyer_maker"
    private static let coinTrades = "id,price,qty,base_qty,time,is_buyer_maker"
    private static let aggregateTrades =
        "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker"
    /// The last column, which only spot dumps have.
    private static let spotColumn = ",is_best_match"

    /// The header of a file whose first line is this row; nil when it is not a row of a dump.
    ///
    /// Aggregate trades of a future and trades of spot both have seven columns; only the latter's sixth is a boolean.
    /// The fourth column of the trades of coin-margined futures, with contracts of 10 or 100 dollars, is in the coin.
    static func header(ofRow cells: [String]) -> String? {
        guard let first = cells.first, !first.isEmpty, first.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        func isBool(_ index: Int) -> Bool { ["true", "false"].contains(cells[index].lowercased()) }
        switch cells.count {
        case 6 where isBool(5):
            return holdsBaseQuantity(cells) ? coinTrades : trades
        case 7 where isBool(5) && isBool(6): return trades + spotColumn
        case 7 where isBool(6): return aggregateTrades
        case 8 where isBool(6) && isBool(7): return aggregateTrades + spotColumn
        default: return nil
        }
    }

    private static func holdsBaseQuantity(_ cells: [String]) -> Bool {
        guard let price = Double(cells[1]), let quantity = Double(cells[2]), let third = Double(cells[3]),
            price > 0, quantity > 0
        else { return false }
        return [10.0, 100].contains { contract in
            let coins = contract * quantity / price
            return abs(coins - third) <= 0.05 * coins
        }
    }

    /// The stream and venue of a header; nil when it is not that of a dump.
    /// - Parameter symbol: the symbol in the file's name; coin-margined futures have special names.
    static func origin(of header: TableHeader, symbol: String?) -> Origin? {
        let names = header.columns.map { ColumnName.plain($0.name) }
        func has(_ columns: String) -> Bool {
            names == columns.split(separator: ",").map { ColumnName.plain(String($0)) }
        }
        let isCoinMargined = symbol.map(Self.isCoinMargined) ?? false
        if has(trades + spotColumn) { return Origin(stream: tradeStream, venue: .binanceSpot) }
        if has(aggregateTrades + spotColumn) { return Origin(stream: aggregateStream, venue: .binanceSpot) }
        if has(trades) { return Origin(stream: tradeStream, venue: isCoinMargined ? nil : .binanceUSDM) }
        if has(aggregateTrades) { return Origin(stream: aggregateStream, venue: isCoinMargined ? nil : .binanceUSDM) }
        return has(coinTrades) ? Origin(stream: tradeStream, venue: nil) : nil
    }

    /// The symbol and the kind in the name of a dump, such as `BTCUSDT-aggTrades-2024-08-08.zip`.
    static func name(ofPath path: String) -> (symbol: String, kind: String)? {
        let parts = FileName(path).stem.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 2, FileName.isSymbol(parts[0]) else { return nil }
        let kind = String(parts[1].prefix { $0 != "." })
        let isKnown = ["aggTrades", "trades"].contains(kind) || FileName.timeframe(kind) != nil
        return isKnown ? (String(parts[0]), kind) : nil
    }

    /// Whether a symbol is that of a coin-margined future: `BTCUSD_PERP`, `BTCUSD_240927`.
    private static func isCoinMargined(_ symbol: String) -> Bool {
        symbol.contains("USD_")
    }
}
