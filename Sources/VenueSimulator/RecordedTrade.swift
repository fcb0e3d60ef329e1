package import MarketData

/// A trade as the venue's REST answers it.
package struct RecordedTrade: Hashable, Sendable {
    /// The venue's symbol.
    package var symbol: String
    /// The venue's id.
    package var id: Int64
    /// When the venue matched it.
    package var time: Timestamp
    /// The price to the letter.
    package var price: FixedDecimal
    /// The quantity to the letter.
    package var quantity: FixedDecimal
    /// Whether the buyer's order rested.
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

    /// The trade as Binance's combined stream sends it.
    func frame(event: String) -> String {
        let id = event == "aggTrade" ? "\"a\":\(id),\"f\":\(id),\"l\":\(id)" : "\"t\":\(id)"
        return """
            {"stream":"\(symbol.lowercased())@\(event)","data":{"e":"\(event)","E":\(milliseconds),"T":\(milliseconds),\
            "s":"\(symbol)",\(id),"p":"\(price)","q":"\(quantity)","m":\(buyerIsMaker)}}
            """
    }
}
