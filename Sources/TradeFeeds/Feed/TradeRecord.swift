package import MarketData

/// A trade as a source states it, before its symbol is resolved.
package struct TradeRecord {
    /// The position of the symbol in the message or line.
    package var symbol: Range<Int>
    /// Nil where the source has no ids.
    package var id: Int64?
    package var time: Timestamp
    /// Nil when it has more digits than fit.
    package var price: FixedDecimal?
    /// Nil when it has more digits than fit.
    package var quantity: FixedDecimal?
    package var takerSide: TakerSide
    /// False for insurance fund, auto-deleveraging and the like.
    var isMarketOrder: Bool
    /// The position of the venue's name, empty where the source does not name it.
    var venue = 0..<0
    /// The position of the stream's name, empty where the source does not name it.
    var stream = 0..<0

    /// 2100-01-01T00:00:00Z; a later time is in another unit or invalid.
    static let latestTime = Timestamp(microseconds: 4_102_444_800_000_000)
}

extension Trade {
    /// The record with an id, marked as discarded where it is not a trade of the market.
    init(_ record: TradeRecord, instrument: InstrumentID, id: Int64) {
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
