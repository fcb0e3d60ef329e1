/// A bar that is still open to trades, in whatever order they arrive.
struct FormingBar: Sendable {
    let slot: Int64
    private(set) var lastTime: Timestamp
    private(set) var lastID: Int64
    private(set) var close: Double
    private var firstTime: Timestamp
    private var firstID: Int64
    private var open: Double
    private var high: Double
    private var low: Double
    private var volume: DecimalSum
    private var trades = 1

    init(slot: Int64, trade: Trade, price: Double) {
        self.slot = slot
        firstTime = trade.time
        firstID = trade.id
        lastTime = trade.time
        lastID = trade.id
        open = price
        high = price
        low = price
        close = price
        volume = DecimalSum(trade.quantity)
    }

    mutating func add(_ trade: Trade, price: Double) {
        if (trade.time, trade.id) >= (lastTime, lastID) {
            (lastTime, lastID) = (trade.time, trade.id)
            close = price
        } else if (trade.time, trade.id) < (firstTime, firstID) {
            (firstTime, firstID) = (trade.time, trade.id)
            open = price
        }
        high = max(high, price)
        low = min(low, price)
        volume.add(trade.quantity)
        trades += 1
    }

    /// The value of the bar so far.
    var prices: BarPrices {
        BarPrices(open: open, high: high, low: low, close: close, volume: volume.doubleValue, trades: trades)
    }
}
