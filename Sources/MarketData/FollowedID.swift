/// The greatest id of a stream that its connection has delivered. One implausible id does not change it; a new
/// numbering does.
public struct FollowedID: Sendable {
    /// The greatest id, nil before the first; after the venue has restarted its ids, the greatest id of the present
    /// numbering.
    public private(set) var lastID: Int64?
    /// The greatest time of a trade.
    public private(set) var lastTime: Timestamp
    /// Whether the ids have no gaps; otherwise they only ascend.
    private let isConsecutive: Bool
    private var quarantine = QuarantinedTrades()

    /// Begins at the last trade known.
    public init(
        lastID: Int64? = nil,
        lastTime: Timestamp = Timestamp(microseconds: .min),
        isConsecutive: Bool = true
    ) {
        self.lastID = lastID
        self.isConsecutive = isConsecutive
        self.lastTime = lastTime
    }

    /// Updates the greatest id and time with a trade.
    public mutating func follow(_ trade: Trade) {
        guard let last = lastID else { return move(to: trade) }
        guard isConsecutive else {
            if trade.id > last || trade.time > lastTime { move(to: trade) }
            return
        }
        if trade.id > last {
            let isNext = trade.id - last == 1
            if isNext || QuarantinedTrades.isPlausible(trade.id, at: trade.time, after: last, at: lastTime) {
                return move(to: trade)
            }
        } else if trade.time <= lastTime {
            return
        }
        if quarantine.contains(trade) { return }
        _ = quarantine.keep(trade)
        if let newest = quarantine.confirmed()?.last { move(to: newest) }
    }

    /// Records an id that the venue has stated, and the time of its trade where that is known.
    public mutating func raise(to id: Int64, at time: Timestamp?) {
        lastID = max(lastID ?? id, id)
        lastTime = max(lastTime, time ?? lastTime)
    }

    private mutating func move(to trade: Trade) {
        lastID = trade.id
        lastTime = max(lastTime, trade.time)
        if !quarantine.isEmpty { _ = quarantine.contradict() }
    }
}
