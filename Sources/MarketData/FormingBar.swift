/// A bar that is still open to trades, in whatever order they arrive.
struct FormingBar: Sendable {
    let slot: Int64
    private(set) var prices: BarPrices
    private var firstTime: Timestamp
    private var firstID: Int64
    private var lastTime: Timestamp
    private var lastID: Int64

    init(slot: Int64, trade: Trade, price: Double, quantity: Double) {
        self.slot = slot
        prices = BarPrices(open: price, high: price, low: price, close: price, volume: quantity, trades: 1)
        firstTime = trade.time
        firstID = trade.id
        lastTime = trade.time
        lastID = trade.id
    }

    mutating func add(_ trade: Trade, price: Double, quantity: Double) {
        if (trade.time, trade.id) >= (lastTime, lastID) {
            (lastTime, lastID) = (trade.time, trade.id)
            prices.close = price
        } else if (trade.time, trade.id) < (firstTime, firstID) {
            (firstTime, firstID) = (trade.time, trade.id)
            prices.open = price
        }
        prices.high = max(prices.high, price)
        prices.low = min(prices.low, price)
        prices.volume += quantity
        prices.trades += 1
    }
}
