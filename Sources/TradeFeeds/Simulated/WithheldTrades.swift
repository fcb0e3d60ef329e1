import MarketData

/// What happened in the silences of one instrument's feed, as a venue keeps its latest trades for those who ask.
struct WithheldTrades: Sendable {
    /// Older ones are forgotten.
    static let limit = 1000

    /// The time of the first trade in the silence that is going on.
    var since: Timestamp?
    /// Oldest first.
    private(set) var trades: [Trade] = []

    mutating func append(_ trade: Trade) {
        since = since ?? trade.time
        if trades.count == Self.limit { trades.removeFirst() }
        trades.append(trade)
    }
}
