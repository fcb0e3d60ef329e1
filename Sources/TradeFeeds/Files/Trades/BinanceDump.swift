/// The columns of Binance's public dumps, which older files do not name (github.com/binance/binance-public-data).
enum BinanceDump {
    private static let trades = "id,price,qty,quote_qty,time,is_buyer_maker"
    private static let aggregateTrades =
        "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker"
    /// The last column of spot dumps alone.
    private static let spotColumn = ",is_best_match"

    /// The header of a file whose first line is this row, nil when the line is a header itself or no row of a dump.
    ///
    /// Aggregate trades of a future and trades of spot both have seven columns; only the latter's sixth is a truth value.
    static func header(ofRow line: String) -> String? {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = fields.first, !first.isEmpty, first.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        func isBool(_ index: Int) -> Bool { ["true", "false"].contains(fields[index].lowercased()) }
        return switch fields.count {
        case 6: trades
        case 7: isBool(5) ? trades + spotColumn : aggregateTrades
        case 8: aggregateTrades + spotColumn
        default: nil
        }
    }

    /// The symbol in the name of a dump, such as `BTCUSDT-aggTrades-2024-08-08.zip`.
    static func symbol(inPath path: String) -> String? {
        let name = path.split(separator: "/").last ?? ""
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 2, !parts[0].isEmpty, ["aggTrades", "trades"].contains(parts[1].prefix { $0 != "." })
        else { return nil }
        return String(parts[0])
    }
}
