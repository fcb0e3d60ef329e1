/// Trades whose ids do not continue the sequence, kept until the next trades show whether the ids are right.
///
/// One wrong id must not make billions of ids missing, and one old record must not start a numbering. Several
/// consecutive trades that agree are accepted.
struct QuarantinedTrades: Sendable {
    /// The number of trades in ascending order that confirm each other.
    static let confirmations = 3
    /// The number of trades that continue the sequence from before and so contradict those in quarantine.
    static let contradictions = 3

    /// Ids that may be missing between two trades whatever their times.
    private static let plausibleGap: Int64 = 10_000
    /// Ids that may be missing for each second between two trades; no venue matches more of one instrument.
    private static let plausiblePerSecond: Int64 = 1_000
    /// The most seconds between two trades that count: the later time may be as wrong as its id.
    private static let greatestPause: Int64 = 3_600
    /// Microseconds by which a later id may have an earlier time.
    private static let disorder: Int64 = 1_000_000

    /// By ascending id.
    private(set) var trades: [Trade] = []
    private var contradictionCount = 0

    /// Whether no trade is in quarantine.
    var isEmpty: Bool { trades.isEmpty }

    /// Whether an id can follow another, given the times of both.
    static func isPlausible(_ id: Int64, at time: Timestamp, after lastID: Int64, at lastTime: Timestamp) -> Bool {
        let seconds = min(max(0, time - lastTime) / 1_000_000, greatestPause)
        return id - lastID <= plausibleGap + seconds * plausiblePerSecond
    }

    /// Whether a trade in quarantine has arrived again.
    func contains(_ trade: Trade) -> Bool {
        trades.contains { $0.id == trade.id && $0.time == trade.time }
    }

    /// Adds a trade to the quarantine.
    /// - Returns: the trades that are refused, because this one does not continue them.
    mutating func keep(_ trade: Trade) -> [Trade] {
        var refused: [Trade] = []
        if let last = trades.last, !Self.follows(trade, last) { refused = empty() }
        trades.append(trade)
        return refused
    }

    /// Records a trade that continues the sequence from before the trades in quarantine.
    /// - Returns: the trades that are refused.
    mutating func contradict() -> [Trade] {
        contradictionCount += 1
        return contradictionCount >= Self.contradictions ? empty() : []
    }

    /// Removes and returns the trades once they are confirmed; nil before that.
    mutating func confirmed() -> [Trade]? {
        trades.count >= Self.confirmations ? empty() : nil
    }

    /// Removes and returns everything.
    mutating func empty() -> [Trade] {
        defer { (trades, contradictionCount) = ([], 0) }
        return trades
    }

    private static func follows(_ trade: Trade, _ last: Trade) -> Bool {
        trade.id > last.id && trade.time >= last.time - disorder
            && isPlausible(trade.id, at: trade.time, after: last.id, at: last.time)
    }
}
