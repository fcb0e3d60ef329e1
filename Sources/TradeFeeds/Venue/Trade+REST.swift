import MarketData

extension Trade {
    /// A trade from the texts of a REST response, marked as discarded where it is not a trade of the market.
    /// - Throws: ``DecodeFailure`` for an invalid id, time or decimal.
    init(
        instrument: InstrumentID,
        id: Int64,
        time: Timestamp?,
        price: String,
        quantity: String,
        takerSide: TakerSide
    ) throws(DecodeFailure) {
        guard id >= 0, let time, time <= TradeRecord.latestTime else { throw .numberOutOfRange }
        let record = TradeRecord(
            symbol: 0..<0,
            id: id,
            time: time,
            price: try Self.decimal(price),
            quantity: try Self.decimal(quantity),
            takerSide: takerSide,
            isMarketOrder: true
        )
        self.init(record, instrument: instrument, id: id)
    }

    private static func decimal(_ text: String) throws(DecodeFailure) -> FixedDecimal? {
        do {
            return try FixedDecimal(text)
        } catch {
            switch error {
            case .malformed: throw .malformedDecimal
            case .overflow: return nil
            }
        }
    }
}
