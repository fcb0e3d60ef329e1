import Synchronization

/// Where requests find the market in force.
final class CurrentMarket: Sendable {
    private let market: Mutex<MarketView>

    init(_ market: MarketView) {
        self.market = Mutex(market)
    }

    var view: MarketView {
        get { market.withLock { $0 } }
        set { market.withLock { $0 = newValue } }
    }
}
