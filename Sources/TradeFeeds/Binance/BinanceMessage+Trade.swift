import MarketData

extension BinanceMessage {
    /// Whether this is an event of the given kind.
    func isEvent(_ stream: BinanceStream, in bytes: RawSpan) -> Bool {
        guard event.kind == .string else { return false }
        switch stream {
        case .aggTrade: return event.equals("aggTrade", in: bytes)
        case .trade: return event.equals("trade", in: bytes)
        }
    }

    /// The outcome of a message that is not an event of the requested kind.
    func outcomeOfOther(in bytes: RawSpan) throws(DecodeFailure) -> FrameOutcome {
        switch event.kind {
        case .string: return event.equals("serverShutdown", in: bytes) ? .shutdownNotice : .ignored
        case .escapedString: throw .unsupportedEscape
        case .missing: break
        default: throw .wrongType
        }
        if result.isPresent { return .acknowledgement }
        // A message with the fields of a trade but without an event name is a damaged trade.
        if symbol.isPresent, price.isPresent { throw .missingField }
        return .ignored
    }

    /// The record and its id in an event of the given kind.
    func record(of stream: BinanceStream, in bytes: RawSpan) throws(DecodeFailure) -> (TradeRecord, id: Int64) {
        let symbol = try symbol.text(in: bytes)
        let id = try (stream == .aggTrade ? aggregateID : tradeID).integer(in: bytes)
        guard let time = Timestamp(milliseconds: try time.integer(in: bytes)), time <= TradeRecord.latestTime else {
            throw .numberOutOfRange
        }
        let record = TradeRecord(
            symbol: symbol,
            id: id,
            time: time,
            price: try price.decimal(in: bytes),
            quantity: try quantity.decimal(in: bytes),
            takerSide: try buyerIsMaker.bool(in: bytes) ? .sell : .buy,
            isMarketOrder: try isMarketOrder(in: bytes)
        )
        return (record, id)
    }

    /// The order type, where the venue states it, must be `MARKET`: the price of other types (`INSURANCE_FUND`, `ADL`,
    /// `NA`) does not come from the order book.
    private func isMarketOrder(in bytes: RawSpan) throws(DecodeFailure) -> Bool {
        guard orderType.isPresent else { return true }
        _ = try orderType.text(in: bytes)
        return orderType.equals("MARKET", in: bytes)
    }
}
