import MarketData
import Synchronization

/// A row of the database that has invalid values and is left out.
package struct DamagedRow: Hashable, Sendable, CustomStringConvertible {
    /// The table and what identifies the row in it.
    package var row: String
    /// What is wrong with it.
    package var reason: String

    /// `raw_hole of binance-usdm:BTCUSDT@aggTrade, first_id 17: last_id 12 is below it`.
    package var description: String { "\(row): \(reason)" }
}

/// The damaged rows that a store has left out so far.
final class DamagedRows: Sendable {
    /// The greatest number of rows that are described; further ones are not recorded.
    private static let described = 1000

    private let state = Mutex((rows: [DamagedRow](), known: Set<DamagedRow>()))

    /// Records a row once, however often it is read.
    func record(_ row: String, _ reason: String) {
        let row = DamagedRow(row: row, reason: reason)
        state.withLock { state in
            guard state.rows.count < Self.described, state.known.insert(row).inserted else { return }
            state.rows.append(row)
        }
    }

    /// Whether a trade that was read has invalid values; such a trade is recorded.
    func contains(_ trade: Trade, stream: Int64) -> Bool {
        let reason: String? =
            if trade.price.mantissa == .min || trade.quantity.mantissa == .min {
                "its price or quantity cannot be read"
            } else if !Timestamp.valid.contains(trade.time) {
                "time_us is \(trade.time.microseconds)"
            } else {
                nil
            }
        guard let reason else { return false }
        record("raw_trade of stream_id \(stream), trade id \(trade.id)", reason)
        return true
    }

    /// In the order in which they were found.
    var all: [DamagedRow] { state.withLock { $0.rows } }
}

extension Trade {
    /// The same trade with another id.
    func moved(by distance: Int64) -> Trade {
        guard distance != 0 else { return self }
        var trade = self
        trade.id += distance
        return trade
    }
}
