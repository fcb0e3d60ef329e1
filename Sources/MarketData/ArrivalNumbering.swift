/// Distinguishes new trades from repeated ones where the venue gives no consecutive ids, so that new ones can be
/// numbered in the order of arrival.
///
/// The id of such a trade is the venue's number of its match, which ascends with time. All trades of one match share
/// it, and even two of them may be equal. So a trade with the number of the last match is new unless an earlier read
/// contained an equal one that this read has not repeated yet. A second connection, or a request for the newest trade,
/// thus adds no trade twice.
struct ArrivalNumbering: Sendable {
    /// Whether trades may have been lost since the last one. No id shows whether any were, so the next trade ends a time
    /// of which the trades are unknown.
    var isInterrupted = false
    /// The number and the greatest time of the last match, nil before the first.
    private var last: (id: Int64, time: Timestamp)?
    /// The last trade of an earlier run, whose match is unknown.
    private var resumedTime: Timestamp?
    private var batch = 0
    /// How often each trade of the last match occurred in one earlier read, and in the present one.
    private var earlier: [Trade: Int] = [:]
    private var present: [Trade: Int] = [:]

    /// Continues after the last trade of an earlier run: only later ones are new.
    mutating func resume(after time: Timestamp) {
        resumedTime = time
    }

    /// Records a trade.
    /// - Parameter batch: the number of the read that it arrived with.
    /// - Returns: whether it is new.
    mutating func isNew(_ trade: Trade, inBatch batch: Int) -> Bool {
        guard let last else {
            if let resumedTime, trade.time <= resumedTime { return false }
            begin(trade, batch)
            return true
        }
        if trade.id == last.id { return isNewOfMatch(trade, batch) }
        // A lower number of a later trade means that the venue has restarted its numbers.
        guard trade.id > last.id || trade.time > last.time else { return false }
        begin(trade, batch)
        return true
    }

    private mutating func begin(_ trade: Trade, _ batch: Int) {
        last = (trade.id, max(trade.time, last?.time ?? trade.time))
        self.batch = batch
        if !earlier.isEmpty { earlier = [:] }
        present = [trade: 1]
    }

    private mutating func isNewOfMatch(_ trade: Trade, _ batch: Int) -> Bool {
        if batch != self.batch {
            self.batch = batch
            earlier.merge(present) { max($0, $1) }
            present = [:]
        }
        let count = present[trade, default: 0] + 1
        present[trade] = count
        return count > earlier[trade, default: 0]
    }
}
