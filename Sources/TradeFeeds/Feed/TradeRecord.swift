public import MarketData

/// A trade as a source states it, before its symbol is resolved.
///
/// Decoders make one for every trade, so it is `public`: the compiler inlines nothing else across targets.
public struct TradeRecord: Sendable {
    /// The position of the symbol in the message or line.
    public var symbol: Range<Int>
    /// Nil where the source has no ids.
    public var id: Int64?
    /// When the trade happened.
    public var time: Timestamp
    /// Nil when it has more digits than fit.
    public var price: FixedDecimal?
    /// Nil when it has more digits than fit.
    public var quantity: FixedDecimal?
    /// The side of the order that met one of the order book.
    public var takerSide: TakerSide
    /// False for insurance fund, auto-deleveraging and the like.
    public var isMarketOrder: Bool
    /// The position of the venue's name, empty where the source does not name it.
    public var venue: Range<Int>
    /// The position of the stream's name, empty where the source does not name it.
    public var stream: Range<Int>

    /// 2100-01-01T00:00:00Z; a later time is in another unit or invalid.
    @inlinable
    public static var latestTime: Timestamp { Timestamp(microseconds: 4_102_444_800_000_000) }

    /// A record from its parts.
    @inlinable
    public init(
        symbol: Range<Int>,
        id: Int64?,
        time: Timestamp,
        price: FixedDecimal?,
        quantity: FixedDecimal?,
        takerSide: TakerSide,
        isMarketOrder: Bool,
        venue: Range<Int> = 0..<0,
        stream: Range<Int> = 0..<0
    ) {
        self.symbol = symbol
        self.id = id
        self.time = time
        self.price = price
        self.quantity = quantity
        self.takerSide = takerSide
        self.isMarketOrder = isMarketOrder
        self.venue = venue
        self.stream = stream
    }
}

extension Trade {
    /// The record with an id, marked as discarded where it is not a trade of the market.
    @inlinable
    public init(_ record: TradeRecord, instrument: InstrumentID, id: Int64) {
        let discard: DiscardReason? =
            if !record.isMarketOrder {
                .orderType
            } else if let price = record.price, let quantity = record.quantity {
                price.mantissa <= 0 ? .price : quantity.mantissa < 0 ? .quantity : nil
            } else {
                .decimalOverflow
            }
        let none = FixedDecimal(mantissa: 0, scale: 0)
        self.init(
            instrument: instrument,
            id: id,
            time: record.time,
            price: record.price ?? none,
            quantity: record.quantity ?? none,
            takerSide: record.takerSide,
            discard: discard
        )
    }
}
