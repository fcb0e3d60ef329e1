import MarketData

extension Trade {
    /// A trade at a number of milliseconds since the epoch.
    static func sample(
        _ id: Int64,
        at milliseconds: Int64,
        price: Int64 = 100,
        quantity: Int64 = 1,
        of instrument: Int = 0,
        discard: DiscardReason? = nil
    ) -> Trade {
        Trade(
            instrument: InstrumentID(instrument),
            id: id,
            time: .milliseconds(milliseconds),
            price: FixedDecimal(mantissa: price, scale: 0),
            quantity: FixedDecimal(mantissa: quantity, scale: 0),
            takerSide: .buy,
            discard: discard
        )
    }
}

extension Timestamp {
    /// A moment that always fits.
    static func milliseconds(_ milliseconds: Int64) -> Timestamp {
        Timestamp(microseconds: milliseconds * 1000)
    }
}
