public import MarketData

/// A trade as the venue's REST answers it.
public struct RecordedTrade: Hashable, Sendable {
    /// The venue's symbol.
    public var symbol: String
    /// The venue's id.
    public var id: Int64
    /// When the venue matched it.
    public var time: Timestamp
    /// The price to the letter.
    public var price: FixedDecimal
    /// The quantity to the letter.
    public var quantity: FixedDecimal
    /// Whether the buyer's order rested.
    public var buyerIsMaker: Bool

    /// A trade from its parts.
    public init(
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
