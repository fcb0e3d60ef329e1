/// Decides whether a trade's time can be believed: one far in the future would close every bar until then.
///
/// The venue's clock may run ahead of this machine's, by the same amount from trade to trade. So the first trade may be
/// a day ahead of its arrival, and every other one a minute further than the one before it was.
public struct TradeTimeCheck: Sendable {
    private static let firstLead: Int64 = 86_400_000_000
    private static let furtherLead: Int64 = 60_000_000

    /// Microseconds by which the last believed trade was ahead of its arrival.
    private var lead: Int64?

    /// A check that has seen no trade.
    public init() {}

    /// Whether a trade with this time, arrived at that moment of the wall clock, is believed.
    public mutating func accepts(_ time: Timestamp, receivedAt: Timestamp) -> Bool {
        let ahead = time - receivedAt
        guard ahead <= lead.map({ $0 + Self.furtherLead }) ?? Self.firstLead else { return false }
        lead = max(0, ahead)
        return true
    }

    /// The greatest time of a batch that is believed, nil where there is none.
    public mutating func greatestTime(in batch: TradeBatch) -> Timestamp? {
        var greatest: Timestamp?
        for trade in batch.trades where accepts(trade.time, receivedAt: batch.receivedAt) {
            greatest = max(greatest ?? trade.time, trade.time)
        }
        return greatest
    }
}
