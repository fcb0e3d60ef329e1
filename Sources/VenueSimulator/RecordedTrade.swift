package import MarketData

/// A trade in the responses of the venue's REST interface.
package struct RecordedTrade: Hashable, Sendable {
    /// The venue's symbol.
    package var symbol: String
    /// The venue's id.
    package var id: Int64
    /// The time at which the venue matched it.
    package var time: Timestamp
    /// The price with all digits of the venue.
    package var price: FixedDecimal
    /// The quantity with all digits of the venue.
    package var quantity: FixedDecimal
    /// Whether the buyer is the maker.
    package var buyerIsMaker: Bool

    /// A trade from its parts.
    package init(
        symbol: String,
        id: Int64,
        time: Timestamp,
        price: FixedDecimal,
        quantity: FixedDecimal,
        buyerIsMaker: Bool
    ) {
        self.symbol = symbol
        self.id = id
        self.time = time
        self.price = price
        self.quantity = quantity
        self.buyerIsMaker = buyerIsMaker
    }

    /// The time in the venue's unit.
    var milliseconds: Int64 { time.microseconds / 1000 }

    /// The trade as a message of Binance's combined stream.
    func frame(event: String) -> String {
        let id = event == "aggTrade" ? "\"a\":\(id),\"f\":\(id),\"l\":\(id)" : "\"t\":\(id)"
        return """
            {"stream":"\(symbol.lowercased())@\(event)","data":{"e":"\(event)","E":\(milliseconds),"T":\(milliseconds),\
            "s":"\(symbol)",\(id),"p":"\(price)","q":"\(quantity)","m":\(buyerIsMaker)}}
            """
    }
}
