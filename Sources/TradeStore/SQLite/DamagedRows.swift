import MarketData
import Synchronization

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
