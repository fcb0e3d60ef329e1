import MarketData

/// The last trades of one instrument: what correlation without bars is computed from.
struct TickWindow: Sendable {
    struct Tick: Sendable {
        let time: Timestamp
        var price: Double
    }

    private var ticks: [Tick] = []
    private var first = 0

    /// The ticks kept, oldest first.
    var recent: ArraySlice<Tick> { ticks[first...] }

    /// Takes a trade; of several at one time the last counts, and one that is older than the last is not used.
    mutating func append(time: Timestamp, price: Double) {
        if let last = ticks.last {
            if time < last.time { return }
            if time == last.time {
                ticks[ticks.count - 1].price = price
                return
            }
        }
        ticks.append(Tick(time: time, price: price))
    }

    /// Forgets what was traded before a moment.
    mutating func forget(before moment: Timestamp) {
        while first < ticks.count, ticks[first].time < moment { first += 1 }
        if first > ticks.count / 2 {
            ticks.removeFirst(first)
            first = 0
        }
    }
}
