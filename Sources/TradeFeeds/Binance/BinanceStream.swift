/// The kinds of trade stream that Binance numbers, by the name of the event and of the stream.
package enum BinanceStream: String, Sendable, CaseIterable {
    /// Trades of one taker order at one price within 100 ms, numbered by `a`.
    case aggTrade
    /// Single trades, numbered by `t`; not documented for futures.
    case trade
}
