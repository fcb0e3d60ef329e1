import MarketData

/// One fuzz target per venue, chosen when it is compiled: any bytes give an outcome, and an outcome keeps its word.
#if BINANCE_USDM
    private nonisolated(unsafe) var decoder = BinanceTradeDecoder(
        stream: .aggTrade,
        symbols: symbols(["SUSHIUSDT", "AKROUSDT", "KEEPUSDT", "CTKUSDT"])
    )
#elseif BINANCE_SPOT
    private nonisolated(unsafe) var decoder = BinanceTradeDecoder(
        stream: .trade,
        symbols: symbols(["BTCUSDT", "ETHUSDT"])
    )
#elseif OKX
    private nonisolated(unsafe) var decoder = OKXTradeDecoder(
        channel: "trades",
        symbols: symbols(["BTC-USD-220527", "UNI-USD-SWAP", "BTC-USDT"])
    )
#elseif COINBASE
    private nonisolated(unsafe) var decoder = CoinbaseTradeDecoder(
        symbols: symbols(["SKL-USD", "SKL-BTC", "BAND-GBP", "NMR-EUR", "BAND-BTC", "YFI-BTC"])
    )
#endif

private func symbols(_ names: [String]) -> [(symbol: String, id: InstrumentID)] {
    names.enumerated().map { ($1, InstrumentID($0)) }
}

/// libFuzzer's entry; it calls from one thread, so that the decoder above has one user.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count).bytes
    var trades: [Trade] = []
    let outcome = decoder.decode(bytes, into: &trades)
    switch outcome {
    case .trades, .lastTrade:
        precondition(!trades.isEmpty, "an outcome of trades without one")
    default:
        precondition(trades.isEmpty, "trades from \(outcome)")
    }
    for trade in trades {
        precondition(trade.id >= 0 && trade.time.microseconds >= 0 && trade.time <= TradeRecord.latestTime)
        precondition((0..<10).contains(trade.instrument.index))
        precondition(trade.discard != nil || (trade.price.mantissa > 0 && trade.quantity.mantissa >= 0))
    }
    #if BINANCE_USDM || BINANCE_SPOT
        var full: [Trade] = []
        precondition(decoder.decodeFully(bytes, into: &full) == outcome && full == trades, "the quick way differs")
    #endif
    var again: [Trade] = []
    precondition(decoder.decode(bytes, into: &again) == outcome && again == trades, "twice is not the same")
    return 0
}
