import Synchronization

/// Where requests find the market in force.
final class CurrentMarket: Sendable {
    private let market: Mutex<ServingContext>

    init(_ market: ServingContext) {
        self.market = Mutex(market)
    }

    var view: ServingContext {
        get { market.withLock { $0 } }
        set { market.withLock { $0 = newValue } }
    }
}
