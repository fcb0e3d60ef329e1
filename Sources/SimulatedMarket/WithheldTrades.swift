import MarketData

/// The undelivered trades of one instrument's silent feed, kept for repair requests as a venue keeps its latest trades.
struct WithheldTrades: Sendable {
    /// The greatest number of trades; older ones are removed.
    static let limit = 1000

    /// The time of the first trade in the present silence, nil without one.
    var since: Timestamp?
    /// Oldest first.
    private(set) var trades: [Trade] = []

    mutating func append(_ trade: Trade) {
        since = since ?? trade.time
        if trades.count == Self.limit { trades.removeFirst() }
        trades.append(trade)
    }
}
