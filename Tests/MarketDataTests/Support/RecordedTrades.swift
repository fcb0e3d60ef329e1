import Foundation
import MarketData
import TestSupport
import Testing

/// Trades of Binance USD-M recorded on 8 August 2024, in a folder beside the repository, where there is one.
enum RecordedTrades {
    private static let path = "data/binance-usdm-20240808/trades.csv.gz"
    static let arePresent = SharedData.exists(path)

    /// The columns of every row: time in ms, symbol, id, price, quantity.
    struct Row {
        let milliseconds: Int64
        let symbol: Substring
        let id: Int64
        let price: Substring
        let quantity: Substring
    }

    static func rows() throws -> [Row] {
        try SharedData.lines(path).dropFirst().map { line in
            let columns = line.split(separator: ",", omittingEmptySubsequences: false)
            try #require(columns.count == 8)
            return Row(
                milliseconds: try #require(Int64(columns[0])),
                symbol: columns[2],
                id: try #require(Int64(columns[3])),
                price: columns[4],
                quantity: columns[5]
            )
        }
    }
}
