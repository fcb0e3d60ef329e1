import Foundation
import GRDB
import MarketData
import TestSupport
import Testing

@testable import TradeStore

/// Real trades of Binance USD-M futures, where the recordings are beside the repository.
@Suite struct RecordedTradesTests {
    private static let path = "data/binance-usdm-20240808/trades.csv.gz"

    @Test(
        "the view shows the exact text of every recorded trade",
        .enabled(if: SharedData.exists(path), "no recordings here")
    )
    func view() async throws {
        // ts_ms, recv_ns, symbol, trade_id, price, qty, is_buyer_maker, order_type
        let lines = try SharedData.lines(Self.path).dropFirst()
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        #expect(lines.count == 35_389)
        let trades = try lines.map { fields -> Trade in
            let milliseconds = try #require(Int64(fields[0]))
            return Trade(
                instrument: fields[2] == "BTCUSDT" ? Samples.btc : Samples.eth,
                id: try #require(Int64(fields[3])),
                time: Timestamp(microseconds: milliseconds * 1000),
                price: try FixedDecimal(fields[4]),
                quantity: try FixedDecimal(fields[5]),
                takerSide: fields[6] == "true" ? .sell : .buy
            )
        }
        let folder = try TemporaryFolder()
        let store = try Samples.store(folder.file())
        for start in stride(from: 0, to: trades.count, by: 1000) {
            _ = try await store.write(StoreBatch(trades: Array(trades[start..<min(start + 1000, trades.count)])))
        }
        // Again, as after a crash at an unknown point.
        #expect(try await store.write(StoreBatch(trades: trades)) == 0)
        let shown = try await store.database.read { db in
            try Row.fetchAll(db, sql: "SELECT symbol, trade_id, time_us, price, quantity, taker_side FROM trade").map {
                row in
                "\(row[0] as String),\(row[1] as Int64),\(row[2] as Int64),\(row[3] as String),"
                    + "\(row[4] as String),\(row[5] as String)"
            }
        }
        let expected = lines.map { fields in
            "\(fields[2]),\(fields[3]),\(fields[0])000,\(fields[4]),\(fields[5]),"
                + (fields[6] == "true" ? "sell" : "buy")
        }
        #expect(shown.count == 35_389)
        #expect(Set(shown) == Set(expected))
        try await store.close()
    }
}
