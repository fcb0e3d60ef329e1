import Synchronization

/// The market in force, for requests.
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
