/// The kinds of trade stream whose trades have ids at Binance; the raw value is the name of the event and of the
/// stream.
package enum BinanceStream: String, Sendable, CaseIterable {
    /// Trades of one taker order at one price within 100 ms, with the id in `a`.
    case aggTrade
    /// Single trades, with the id in `t`; not documented for futures.
    case trade
}
