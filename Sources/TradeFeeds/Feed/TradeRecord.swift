package import MarketData

/// A record as a source states it, before its symbol is looked up.
package struct TradeRecord {
    /// Where the symbol stands in the message or line.
    package var symbol: Range<Int>
    /// Nil where the source numbers nothing.
    package var id: Int64?
    package var time: Timestamp
    /// Nil when it has more digits than fit.
    package var price: FixedDecimal?
    /// Nil when it has more digits than fit.
    package var quantity: FixedDecimal?
    package var takerSide: TakerSide
    /// False for insurance fund, auto-deleveraging and the like.
    var isMarketOrder: Bool
    /// Where the venue stands, empty where the source does not name it.
    var venue = 0..<0
    /// Where the name of the stream stands, empty where the source does not name it.
    var stream = 0..<0

    /// 2100-01-01T00:00:00Z; a time beyond it is another unit or noise.
    static let latestTime = Timestamp(microseconds: 4_102_444_800_000_000)
}

extension Trade {
    /// The record under its number, discarded where it is not a trade of the market.
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
